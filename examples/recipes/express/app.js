import { InputError } from '@emailauth/client'
import express from 'express'
import session from 'express-session'

/** @param {{ emailauth: import('@emailauth/client').EmailauthClient, secret: string }} options */
export function buildApp({ emailauth, secret }) {
  const app = express()
  app.use(express.urlencoded({ extended: false, limit: '4kb' }))
  // Production needs a store of its own, `secure: true`, and `trust proxy` for the right request.ip.
  app.use(
    session({ secret, resave: false, saveUninitialized: false, cookie: { httpOnly: true, sameSite: 'lax' } }),
  )

  app.post('/sign-in', async ({ body, ip, session }, response) => {
    // The token says what the number is good for: one for a payment signs nobody in.
    const answer = await emailauth
      .register({ email: String(body.email), token: 'sign-in', clientIp: ip })
      .catch(mistyped)
    if (answer.__typename !== 'Registered') return response.status(422).json(answer)
    session.identityId = answer.identityId
    return response.json({ expiresAt: answer.expiresAt })
  })

  app.post('/code', async (request, response, next) => {
    const { identityId } = request.session
    if (identityId === undefined) return response.status(409).json({ message: 'Ask for a code first.' })
    const number = String(request.body.number)
    const answer = await emailauth.verify({ number, identityId, clientIp: request.ip }).catch(mistyped)
    if (answer.__typename !== 'Verified') return response.status(422).json(answer)
    // Without the answer: its token belongs to another purpose, and to your server alone.
    if (answer.token !== 'sign-in') return response.status(422).json({ message: 'This code is not valid.' })
    // A new id, so that one which was planted before the sign-in is worth nothing.
    return request.session.regenerate((error) => {
      if (error) return next(error)
      request.session.email = answer.email
      return response.json({ email: answer.email })
    })
  })

  app.get('/me', ({ session: { email } }, response) =>
    email === undefined ? response.sendStatus(401) : response.json({ email }),
  )
  return app
}

/** What the person typed is no address or no code: an answer for them. Other errors stay errors. */
function mistyped(error) {
  if (!(error instanceof InputError && ['email', 'number'].includes(error.field))) throw error
  return { message: error.message }
}
