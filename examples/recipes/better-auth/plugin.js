import { InputError } from '@emailauth/client'
import { APIError, createAuthEndpoint, getIP } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { revokeUnprovenAccountAccess } from 'better-auth/db'
import { z } from 'zod'

const ATTEMPT = { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 900 }

/**
 * A better-auth plugin: `POST /emailauth/register` mails a number, `POST /emailauth/verify` signs in with
 * it, and makes the user where there is none.
 *
 * @param {{ emailauth: import('@emailauth/client').EmailauthClient }} options
 */
export const emailauthPlugin = ({ emailauth }) => ({
  id: 'emailauth',
  endpoints: {
    registerEmail: createAuthEndpoint(
      '/emailauth/register',
      { method: 'POST', body: z.object({ email: z.string().max(320) }) },
      async (context) => {
        // The token says what the number is good for: one for a payment signs nobody in.
        const answer = await emailauth
          .register({ email: context.body.email, token: 'sign-in', clientIp: clientIpOf(context) })
          .catch(mistyped)
        if (answer.__typename !== 'Registered') throw new APIError('UNPROCESSABLE_ENTITY', answer)
        await context.setSignedCookie('emailauth-attempt', answer.identityId, context.context.secret, ATTEMPT)
        return context.json({ expiresAt: answer.expiresAt })
      },
    ),
    verifyNumber: createAuthEndpoint(
      '/emailauth/verify',
      { method: 'POST', body: z.object({ number: z.string().max(256) }) },
      async (context) => {
        const { internalAdapter, secret } = context.context
        const identityId = await context.getSignedCookie('emailauth-attempt', secret)
        if (!identityId) throw new APIError('CONFLICT', { message: 'Ask for a code first.' })
        const answer = await emailauth
          .verify({ number: context.body.number, identityId, clientIp: clientIpOf(context) })
          .catch(mistyped)
        if (answer.__typename !== 'Verified') throw new APIError('UNPROCESSABLE_ENTITY', answer)
        // Without the answer: its token belongs to another purpose, and to your server alone.
        if (answer.token !== 'sign-in')
          throw new APIError('UNPROCESSABLE_ENTITY', { message: 'This code is not valid.' })
        const email = answer.email.toLowerCase()
        const found = await internalAdapter.findUserByEmail(email)
        let user =
          found?.user ?? (await internalAdapter.createUser({ email, name: email, emailVerified: true }))
        // Somebody else may have signed up with this address: their password and sessions must end.
        if (!user.emailVerified) user = await revokeUnprovenAccountAccess(context, user.id)
        if (!user) throw new APIError('UNPROCESSABLE_ENTITY', { message: 'Ask for a new code.' })
        const session = await internalAdapter.createSession(user.id)
        await setSessionCookie(context, { session, user })
        return context.json({ email: user.email })
      },
    ),
  },
})

/**
 * The person's address, by better-auth's option `advanced.ipAddress`. Limits count for each; without it one
 * person could use up the tries of all.
 */
const clientIpOf = ({ request, headers, context }) => getIP(request ?? headers, context.options) ?? undefined

/** What the person typed is no address or no code: an answer for them. Other errors stay errors. */
function mistyped(error) {
  if (!(error instanceof InputError && ['email', 'number'].includes(error.field))) throw error
  return { message: error.message }
}
