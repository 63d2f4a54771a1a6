import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import Fastify from 'fastify'

const MINUTES = 60
const OPTIONS = { path: '/', httpOnly: true, sameSite: 'lax', signed: true, secure: 'auto' }

/** @param {{ emailauth: import('@emailauth/client').EmailauthClient, secret: string }} options */
export function buildApp({ emailauth, secret }) {
  const app = Fastify({ bodyLimit: 4096 })
  app.register(cookie, { secret })
  app.register(formbody)

  const read = (request, name) => {
    const { valid, value } = request.unsignCookie(request.cookies[name] ?? '')
    return valid ? value : undefined
  }

  app.post('/sign-in', async (request, reply) => {
    const email = String(request.body?.email)
    // The token says what the number is good for: one for a payment signs nobody in.
    const answer = await emailauth.register({ email, token: 'sign-in', clientIp: request.ip })
    if (answer.__typename !== 'Registered') return reply.code(422).send(answer)
    reply.setCookie('attempt', answer.identityId, { ...OPTIONS, maxAge: 15 * MINUTES })
    return { expiresAt: answer.expiresAt }
  })

  app.post('/code', async (request, reply) => {
    const identityId = read(request, 'attempt')
    if (identityId === undefined) return reply.code(409).send({ message: 'Ask for a code first.' })
    const number = String(request.body?.number)
    const answer = await emailauth.verify({ number, identityId, clientIp: request.ip })
    if (answer.__typename !== 'Verified' || answer.token !== 'sign-in') return reply.code(422).send(answer)
    // A signed cookie cannot be taken back before it ends; with a session store it can.
    reply.clearCookie('attempt', { path: '/' })
    reply.setCookie('email', answer.email, { ...OPTIONS, maxAge: 12 * 60 * MINUTES })
    return { email: answer.email }
  })

  app.get('/me', async (request, reply) => {
    const email = read(request, 'email')
    return email === undefined ? reply.code(401).send() : { email }
  })
  return app
}
