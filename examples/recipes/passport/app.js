import { InputError } from '@emailauth/client'
import express from 'express'
import session from 'express-session'
import { Passport } from 'passport'
import { EmailauthStrategy } from './strategy.js'

/** @param {{ emailauth: import('@emailauth/client').EmailauthClient, secret: string }} options */
export function buildApp({ emailauth, secret }) {
  const passport = new Passport()
  passport.use(new EmailauthStrategy(emailauth, async (email) => ({ email })))
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user, done) => done(null, user))

  const app = express()
  app.use(express.urlencoded({ extended: false, limit: '4kb' }))
  app.use(
    session({ secret, resave: false, saveUninitialized: false, cookie: { httpOnly: true, sameSite: 'lax' } }),
  )
  app.use(passport.session())

  app.post('/sign-in', async ({ body, ip, session }, response) => {
    // The token says what the number is good for: one for a payment signs nobody in.
    const answer = await emailauth
      .register({ email: String(body.email), token: 'sign-in', clientIp: ip })
      .catch(mistyped)
    if (answer.__typename !== 'Registered') return response.status(422).json(answer)
    session.identityId = answer.identityId
    return response.json({ expiresAt: answer.expiresAt })
  })
  // Passport gives the session a new id by itself.
  app.post('/code', passport.authenticate('emailauth'), ({ user }, response) => response.json(user))
  app.get('/me', ({ user }, response) => (user ? response.json(user) : response.sendStatus(401)))
  return app
}

/** What the person typed is no address or no code: an answer for them. Other errors stay errors. */
function mistyped(error) {
  if (!(error instanceof InputError && ['email', 'number'].includes(error.field))) throw error
  return { message: error.message }
}
