import { fileURLToPath } from 'node:url'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import files from '@fastify/static'
import Fastify from 'fastify'
import { codePage, emailPage, homePage } from './pages.js'
import { createSessions, secret } from './sessions.js'

/** Seconds between two mails to one address, as the tenant has it. */
const RESEND_AFTER_SECONDS = 30

/**
 * The external server. It does not listen yet.
 *
 * @param {object} options
 * @param {import('@emailauth/client').EmailauthClient} options.emailauth
 * @param {string} options.publicUrl where browsers find it; with https its cookies are Secure
 */
export async function buildLogin({ emailauth, publicUrl }) {
  // Behind a proxy `trustProxy` must name it: clientIp is what emailauth counts tries by.
  const app = Fastify({ bodyLimit: 4096 })
  const sessions = createSessions({ isSecure: publicUrl.startsWith('https:') })
  const { origin } = new URL(publicUrl)

  await app.register(cookie)
  await app.register(formbody)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
      },
    },
    // Not no-referrer: with it a form's Origin is "null".
    referrerPolicy: { policy: 'same-origin' },
  })
  for (const [prefix, folder] of [
    ['/assets/', new URL('assets', import.meta.url).href],
    ['/field/', new URL('./', import.meta.resolve('@emailauth/react')).href],
  ]) {
    await app.register(files, { root: fileURLToPath(folder), prefix, decorateReply: false })
  }

  app.addHook('onRequest', async (request, reply) => {
    // Only our own pages may post. SameSite keeps the cookies of other sites' posts away; this also stops a
    // stranger's page from signing its visitor in to the stranger's account.
    if (request.method !== 'GET' && request.headers.origin !== origin) {
      return reply.code(403).send('This form was sent from another site.')
    }
    if (!request.url.startsWith('/assets/') && !request.url.startsWith('/field/')) {
      reply.header('cache-control', 'no-store')
    }
  })

  app.get('/', async (request, reply) => {
    const user = sessions.userOf(request)
    return user === undefined ? reply.redirect('/sign-in', 303) : page(reply, homePage(user))
  })

  app.get('/sign-in', async (_request, reply) => page(reply, emailPage({})))

  // A number goes out only when a person presses a button, never on a GET, which scanners of links follow.
  app.post('/sign-in', async (request, reply) => {
    const email = field(request, 'email')
    // The token is this attempt's own secret: nobody but us can have handed it to emailauth.
    const token = secret()
    let registered
    try {
      registered = await emailauth.register({ email, token, clientIp: request.ip })
    } catch (error) {
      if (error.code !== 'BAD_USER_INPUT') throw error
      return page(reply.code(400), emailPage({ email, problem: 'This is no email address.' }))
    }
    // The attempt before stays: whoever asks again too soon has its code in the mail.
    if (registered.__typename !== 'Registered') {
      return page(reply.code(400), emailPage({ email, problem: sentenceFor(registered) }))
    }
    const { identityId } = registered
    const resendAt = Date.now() + RESEND_AFTER_SECONDS * 1000
    sessions.begin(reply, { token, identityId, email: registered.email, resendAt })
    return reply.redirect('/code', 303)
  })

  app.get('/code', async (request, reply) => {
    const attempt = sessions.attemptOf(request)
    if (attempt === undefined) return reply.redirect('/sign-in', 303)
    const { email, problem = '', notice = '' } = attempt
    Object.assign(attempt, { problem: '', notice: '' })
    const resendAfterSeconds = Math.max(0, Math.ceil((attempt.resendAt - Date.now()) / 1000))
    return page(reply, codePage({ email, problem, notice, resendAfterSeconds }))
  })

  // The number is in the body, so that it is in no address bar, history, referrer or access log.
  app.post('/code', async (request, reply) => {
    const attempt = sessions.attemptOf(request)
    if (attempt === undefined) return reply.redirect('/sign-in', 303)
    const { identityId } = attempt
    const number = field(request, 'number')
    let verified
    try {
      // With the identity of this browser's own attempt the number is good for nobody else.
      verified = await emailauth.verify({ number, identityId, clientIp: request.ip })
    } catch (error) {
      if (error.code !== 'BAD_USER_INPUT') throw error
      attempt.problem = 'This is no code.'
      return reply.redirect('/code', 303)
    }
    if (verified.__typename === 'Verified' && verified.token === attempt.token) {
      sessions.signIn(request, reply, verified.email)
      return reply.redirect('/', 303)
    }
    attempt.problem = sentenceFor(verified)
    return reply.redirect('/code', 303)
  })

  app.post('/resend', async (request, reply) => {
    const attempt = sessions.attemptOf(request)
    if (attempt === undefined) return reply.redirect('/sign-in', 303)
    const resent = await emailauth.resend(attempt.identityId)
    if (resent.__typename === 'Registered') attempt.notice = 'The code was sent again.'
    else attempt.problem = sentenceFor(resent)
    attempt.resendAt = Date.now() + waitAfter(resent) * 1000
    return reply.redirect('/code', 303)
  })

  app.post('/sign-out', async (request, reply) => {
    sessions.signOut(request, reply)
    return reply.redirect('/sign-in', 303)
  })
  return app
}

const page = (reply, html) => reply.type('text/html; charset=utf-8').send(html)

/** A text of the form; a field may be missing, or come twice. */
function field({ body }, name) {
  const value = body?.[name]
  return typeof value === 'string' ? value : ''
}

const waitAfter = (outcome) => outcome.retryAfterSeconds ?? RESEND_AFTER_SECONDS

/** What a person is told. Whether the address has an account here is not among it. */
function sentenceFor(outcome) {
  switch (outcome.__typename) {
    case 'RateLimited':
      return `Too many tries. Try again in ${outcome.retryAfterSeconds} s.`
    case 'IdentityNotFound':
      return 'This code has expired. Start again.'
    case 'EmailRejected':
      return 'The mail server of this address refused the mail. Is the address right?'
    default:
      return 'This code is not valid. Look at the newest mail, or start again.'
  }
}
