import Credentials from '@auth/core/providers/credentials'
import { InputError } from '@emailauth/client'

/**
 * The credentials provider that takes a number. `identityIdOf(request)` gives the `identityId` of this
 * browser's attempt, from the cookie that your sign-in route has set. `clientIpOf(request)` gives the person's
 * address: limits count for each, and without it one person could use up the tries of all.
 *
 * @param {{ emailauth: import('@emailauth/client').EmailauthClient, identityIdOf: (request: Request) =>
 * string | undefined, clientIpOf: (request: Request) => string | undefined }} options
 */
export const emailauthProvider = ({ emailauth, identityIdOf, clientIpOf }) =>
  Credentials({
    id: 'emailauth',
    name: 'Code by mail',
    credentials: {
      number: { label: 'Code from the mail', inputmode: 'numeric', autocomplete: 'one-time-code' },
    },
    async authorize({ number }, request) {
      const identityId = identityIdOf(request)
      if (identityId === undefined) return null
      const answer = await emailauth
        .verify({ number: String(number), identityId, clientIp: clientIpOf(request) })
        .catch(mistyped)
      // null: Auth.js says that the sign-in failed, whatever the reason.
      if (answer.__typename !== 'Verified' || answer.token !== 'sign-in') return null
      return { id: answer.email, email: answer.email }
    },
  })

/** What the person typed is no address or no code: an answer for them. Other errors stay errors. */
function mistyped(error) {
  if (!(error instanceof InputError && ['email', 'number'].includes(error.field))) throw error
  return { message: error.message }
}
