import type { SMTPServerOptions } from 'smtp-server'

/** A longer user name is cut. */
const MAX_USERNAME = 256

/**
 * Accepts every user name and password, without TLS: some programs refuse to send without a sign-in. The
 * password is neither kept nor logged.
 */
export const anySignIn = {
  authOptional: true,
  authMethods: ['PLAIN', 'LOGIN'],
  allowInsecureAuth: true,
  onAuth(auth, _session, callback) {
    callback(null, { user: (auth.username ?? '').slice(0, MAX_USERNAME) })
  },
} satisfies SMTPServerOptions
