import { Auth } from '@auth/core'
import { InputError } from '@emailauth/client'
import { emailauthProvider } from './auth.js'

const COOKIE = /(?:^|; )attempt=([\w.-]+)/
const identityIdOf = ({ headers }) => COOKIE.exec(headers.get('cookie') ?? '')?.[1]
/** The last address is that of the proxy's client. Believe this header only behind a proxy that sets it. */
const clientIpOf = ({ headers }) => headers.get('x-forwarded-for')?.split(',').at(-1)?.trim()

/**
 * What a framework's adapter for Auth.js does, as one function from a request to a response.
 *
 * @param {{ emailauth: import('@emailauth/client').EmailauthClient, secret: string }} options
 */
export function buildApp({ emailauth, secret }) {
  const config = {
    secret,
    trustHost: true,
    basePath: '/auth',
    session: { strategy: 'jwt' },
    providers: [emailauthProvider({ emailauth, identityIdOf, clientIpOf })],
  }

  async function signIn(request) {
    // Auth.js checks its own forms; this one is ours.
    if (request.headers.get('origin') !== new URL(request.url).origin)
      return new Response(null, { status: 403 })
    const email = String((await request.formData()).get('email'))
    // The token says what the number is good for: one for a payment signs nobody in.
    const answer = await emailauth
      .register({ email, token: 'sign-in', clientIp: clientIpOf(request) })
      .catch(mistyped)
    if (answer.__typename !== 'Registered') return Response.json(answer, { status: 422 })
    const cookie = `attempt=${answer.identityId}; Path=/; HttpOnly; SameSite=Lax; Max-Age=900`
    return Response.json({ expiresAt: answer.expiresAt }, { headers: { 'set-cookie': cookie } })
  }

  return (request) => (new URL(request.url).pathname === '/sign-in' ? signIn(request) : Auth(request, config))
}

/** What the person typed is no address or no code: an answer for them. Other errors stay errors. */
function mistyped(error) {
  if (!(error instanceof InputError && ['email', 'number'].includes(error.field))) throw error
  return { message: error.message }
}
