import { randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/**
 * One browser on its way to a sign-in.
 *
 * @typedef {object} Attempt
 * @property {string} token what emailauth hands back when the number is right
 * @property {string} identityId
 * @property {string} email
 * @property {number} resendAt when another mail may be asked for
 * @property {string} [problem] shown once
 * @property {string} [notice] shown once
 */

const ATTEMPT_MS = 15 * 60_000
const SESSION_MS = 12 * 3_600_000

/** 256 random bits. */
export const secret = () => randomBytes(32).toString('base64url')

/**
 * Who is signing in and who is signed in, each behind a random id in a cookie of its own. In memory: take
 * your own session store in its place, and keep that the id changes at the sign-in.
 *
 * @param {{ isSecure: boolean }} options
 */
export function createSessions({ isSecure }) {
  /** @type {LRUCache<string, Attempt>} */
  const attempts = new LRUCache({ max: 10_000, ttl: ATTEMPT_MS })
  /** @type {LRUCache<string, { email: string }>} */
  const users = new LRUCache({ max: 10_000, ttl: SESSION_MS })
  // Such a cookie comes from this host only, not from one beside it.
  const prefix = isSecure ? '__Host-' : ''
  const names = { attempt: `${prefix}attempt`, session: `${prefix}session` }
  const cookie = (maxAgeMs) => ({
    path: '/',
    httpOnly: true,
    sameSite: /** @type {const} */ ('lax'),
    secure: isSecure,
    maxAge: maxAgeMs / 1000,
  })

  return {
    /**
     * A new attempt in this browser; one that it had before is forgotten.
     *
     * @param {Attempt} attempt
     */
    begin(reply, attempt) {
      const id = secret()
      attempts.set(id, attempt)
      reply.setCookie(names.attempt, id, cookie(ATTEMPT_MS))
    },
    attemptOf: (request) => attempts.get(request.cookies[names.attempt] ?? ''),
    userOf: (request) => users.get(request.cookies[names.session] ?? ''),
    /** The id is new, so that one which somebody planted before is worth nothing. */
    signIn(request, reply, email) {
      attempts.delete(request.cookies[names.attempt])
      reply.clearCookie(names.attempt, { path: '/' })
      const id = secret()
      users.set(id, { email })
      reply.setCookie(names.session, id, cookie(SESSION_MS))
    },
    signOut(request, reply) {
      users.delete(request.cookies[names.session] ?? '')
      reply.clearCookie(names.session, { path: '/' })
    },
  }
}
