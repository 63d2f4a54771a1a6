import { InputError } from '@emailauth/client'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import Fastify from 'fastify'

const OPTIONS = { path: '/', httpOnly: true, sameSite: 'lax', signed: true, secure: 'auto' }

/** @param {{ emailauth: import('@emailauth/client').EmailauthClient, secret: string }} options */
export function buildApp({ emailauth, secret }) {
  const app = Fastify({ bodyLimit: 4096 })
  app.register(cookie, { secret })
  app.register(formbody)

  const read = (request, name) => {
    const { valid, value } = request.unsignCookie(request.cookies[name] ?? '')
    return valid && value.startsWith(`${name}:`) ? value.slice(name.length + 1) : undefined
  }
  // The signature is over the value alone. Without the name in it an attempt's cookie, renamed to `email`,
  // would be a sign-in.
  const keep = (reply, name, value, minutes) =>
    reply.setCookie(name, `${name}:${value}`, { ...OPTIONS, maxAge: minutes * 60 })

  app.post('/sign-in', async (request, reply) => {
    const email = String(request.body?.email)
    // The token says what the number is good for: one for a payment signs nobody in.
    const answer = await emailauth.register({ email, token: 'sign-in', clientIp: request.ip }).catch(mistyped)
    if (answer.__typename !== 'Registered') return reply.code(422).send(answer)
    keep(reply, 'attempt', answer.identityId, 15)
    return { expiresAt: answer.expiresAt }
  })

  app.post('/code', async (request, reply) => {
    const identityId = read(request, 'attempt')
    if (identityId === undefined) return reply.code(409).send({ message: 'Ask for a code first.' })
    const number = String(request.body?.number)
    const answer = await emailauth.verify({ number, identityId, clientIp: request.ip }).catch(mistyped)
    if (answer.__typename !== 'Verified') return reply.code(422).send(answer)
    // Without the answer: its token belongs to another purpose, and to your server alone.
    if (answer.token !== 'sign-in') return reply.code(422).send({ message: 'This code is not valid.' })
    // A signed cookie cannot be taken back before it ends; with a session store it can.
    reply.clearCookie('attempt', { path: '/' })
    keep(reply, 'email', answer.email, 12 * 60)
    return { email: answer.email }
  })

  app.get('/me', async (request, reply) => {
    const email = read(request, 'email')
    return email === undefined ? reply.code(401).send() : { email }
  })
  return app
}

/** What the person typed is no address or no code: an answer for them. Other errors stay errors. */
function mistyped(error) {
  if (!(error instanceof InputError && ['email', 'number'].includes(error.field))) throw error
  return { message: error.message }
}
