import Credentials from '@auth/core/providers/credentials'

/**
 * The credentials provider that takes a number. `identityIdOf(request)` gives the `identityId` of this
 * browser's
 * attempt, from the cookie that your sign-in route has set.
 *
 * @param {{ emailauth: import('@emailauth/client').EmailauthClient, identityIdOf: (request: Request) =>
 * string | undefined }} options
 */
export const emailauthProvider = ({ emailauth, identityIdOf }) =>
  Credentials({
    id: 'emailauth',
    name: 'Code by mail',
    credentials: {
      number: { label: 'Code from the mail', inputmode: 'numeric', autocomplete: 'one-time-code' },
    },
    async authorize({ number }, request) {
      const identityId = identityIdOf(request)
      if (identityId === undefined) return null
      const answer = await emailauth.verify({ number: String(number), identityId })
      // null: Auth.js says that the sign-in failed, whatever the reason.
      if (answer.__typename !== 'Verified' || answer.token !== 'sign-in') return null
      return { id: answer.email, email: answer.email }
    },
  })
