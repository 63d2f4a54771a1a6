import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createClient } from '@emailauth/client'
import { startSystem } from '@emailauth/testing/system'
import { betterAuth as createBetterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp as authJs } from './auth-js/app.js'
import { buildApp as betterAuth } from './better-auth/app.js'
import { emailauthPlugin } from './better-auth/plugin.js'
import { createBrowser } from './browser.js'
import { buildApp as express } from './express/app.js'
import { buildApp as fastify } from './fastify/app.js'
import * as nextCode from './next/app/api/code/route.js'
import * as nextMe from './next/app/api/me/route.js'
import * as nextSignIn from './next/app/api/sign-in/route.js'
import { buildApp as passport } from './passport/app.js'
import { passesRoundTrip } from './round-trip.js'

const secret = 'a secret of the tests, 32 characters or more'
const ORIGIN = 'http://localhost:3000'
const ends = []
let system
let emailauth
beforeAll(async () => {
  system = await startSystem()
  emailauth = createClient({ url: system.url, apiKey: system.apiKey })
  Object.assign(process.env, {
    EMAILAUTH_URL: system.url,
    EMAILAUTH_API_KEY: system.apiKey,
    SESSION_PASSWORD: secret,
  })
})
afterAll(async () => {
  await Promise.all(ends.map((end) => end()))
  await system?.stop()
})

/** Serves an Express app; a browser that visits it. */
async function serving(app) {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => server.close())
  return createBrowser(`http://127.0.0.1:${server.address().port}`, fetch)
}

const RECIPES = {
  Express: (client) => serving(express({ emailauth: client, secret })),
  Passport: (client) => serving(passport({ emailauth: client, secret })),
  async Fastify(client) {
    const app = fastify({ emailauth: client, secret })
    ends.push(() => app.close())
    return createBrowser(await app.listen({ port: 0, host: '127.0.0.1' }), fetch)
  },
  // The handlers as Next.js calls them; next-server.test.js has them in its server.
  'Next.js route handlers': () => {
    const routes = { '/sign-in': nextSignIn, '/code': nextCode, '/me': nextMe }
    return createBrowser(ORIGIN, (request) => routes[new URL(request.url).pathname][request.method](request))
  },
  async 'plain Python'() {
    const folder = fileURLToPath(new URL('.', import.meta.url))
    const child = spawn('python3', ['python/app.py'], {
      cwd: folder,
      env: {
        ...process.env,
        PORT: '0',
        PYTHONPATH: fileURLToPath(new URL('../../clients/python', import.meta.url)),
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    ends.push(() => child.kill())
    const [line] = await once(child.stdout, 'data')
    return createBrowser(String(line).trim(), fetch)
  },
}

test.each(Object.entries(RECIPES))('%s: register, mail, verify', async (name, start) => {
  const email = `${name.toLowerCase().replace(/\W+/g, '-')}@example.com`
  await passesRoundTrip(await start(emailauth), email, system.numberFor)
})

const PAYMENT = 'payment 42'
/** A client whose numbers are for a payment, as another page of the same program may ask for. */
const payments = () => ({
  ...emailauth,
  register: (input) => emailauth.register({ ...input, token: PAYMENT }),
})

test.each(['Express', 'Passport', 'Fastify'])(
  '%s: a number for a payment signs nobody in and gives no token',
  async (name) => {
    const browser = await RECIPES[name](payments())
    const email = `payer-${name.toLowerCase()}@example.com`
    expect((await browser.post('/sign-in', { email })).status).toBe(200)
    const answer = await browser.post('/code', { number: await system.numberFor(email) })
    expect([401, 422]).toContain(answer.status)
    expect(await answer.text()).not.toContain(PAYMENT)
    expect((await browser.get('/me')).status).toBe(401)
  },
)

test('Fastify: the cookie of an attempt, renamed, is no sign-in', async () => {
  const app = fastify({ emailauth, secret })
  ends.push(() => app.close())
  const payload = new URLSearchParams({ email: 'nobody-reads-this@example.com' }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const { cookies } = await app.inject({ method: 'POST', url: '/sign-in', headers, payload })
  const value = cookies.find(({ name }) => name === 'attempt')?.value
  expect(value).toBeDefined()
  expect((await app.inject({ url: '/me', cookies: { email: value } })).statusCode).toBe(401)
})

test('Auth.js credentials: register, mail, verify', async () => {
  const browser = createBrowser(ORIGIN, authJs({ emailauth, secret }))
  const email = 'auth-js@example.com'
  const session = async () => (await browser.get('/auth/session')).json()
  const signIn = async (number) => {
    const { csrfToken } = await (await browser.get('/auth/csrf')).json()
    return browser.post('/auth/callback/emailauth', { csrfToken, number })
  }
  expect(await session()).toBeNull()
  expect((await browser.post('/sign-in', { email }, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await browser.post('/sign-in', { email: 'ada' })).status).toBe(422)
  expect((await browser.post('/sign-in', { email })).status).toBe(200)
  await signIn('1'.repeat(300))
  await signIn('123456789012')
  expect(await session()).toBeNull()
  await signIn(await system.numberFor(email))
  expect(await session()).toMatchObject({ user: { email } })
})

test('better-auth plugin: register, mail, verify', async () => {
  const browser = createBrowser(ORIGIN, betterAuth({ emailauth, secret, baseURL: ORIGIN }))
  const email = 'better-auth@example.com'
  const post = (path, body) => browser.postJson(`/api/auth${path}`, body)
  const session = async () => (await browser.get('/api/auth/get-session')).json()
  expect((await post('/emailauth/verify', { number: '123456789012' })).status).toBe(409)
  expect((await post('/emailauth/register', { email: 'ada' })).status).toBe(422)
  expect((await post('/emailauth/register', { email })).status).toBe(200)
  expect((await post('/emailauth/verify', { number: '123456789012' })).status).toBe(422)
  expect(await session()).toBeNull()
  const number = await system.numberFor(email)
  expect(await (await post('/emailauth/verify', { number })).json()).toEqual({ email })
  expect(await session()).toMatchObject({ user: { email, emailVerified: true } })
  expect((await post('/emailauth/verify', { number })).status).toBe(422)
})

test('Auth.js and better-auth: limits count for the person who asks', async () => {
  const seen = []
  const noting = (call) => (input) => {
    seen.push(input.clientIp)
    return call(input)
  }
  const watched = {
    ...emailauth,
    register: noting((input) => emailauth.register(input)),
    verify: noting((input) => emailauth.verify(input)),
  }
  const from = { 'x-forwarded-for': '203.0.113.9' }
  const number = '123456789012'

  const ofAuthJs = createBrowser(ORIGIN, authJs({ emailauth: watched, secret }))
  await ofAuthJs.post('/sign-in', { email: 'limits-1@example.com' }, from)
  const { csrfToken } = await (await ofAuthJs.get('/auth/csrf')).json()
  await ofAuthJs.post('/auth/callback/emailauth', { csrfToken, number }, from)

  const ofBetterAuth = createBrowser(ORIGIN, betterAuth({ emailauth: watched, secret, baseURL: ORIGIN }))
  await ofBetterAuth.postJson('/api/auth/emailauth/register', { email: 'limits-2@example.com' }, from)
  await ofBetterAuth.postJson('/api/auth/emailauth/verify', { number }, from)

  expect(seen).toEqual(Array(4).fill('203.0.113.9'))
})

test('better-auth plugin: a number for a payment signs nobody in and gives no token', async () => {
  const browser = createBrowser(ORIGIN, betterAuth({ emailauth: payments(), secret, baseURL: ORIGIN }))
  const email = 'payer-better-auth@example.com'
  await browser.postJson('/api/auth/emailauth/register', { email })
  const number = await system.numberFor(email)
  const answer = await browser.postJson('/api/auth/emailauth/verify', { number })
  expect(answer.status).toBe(422)
  expect(await answer.text()).not.toContain(PAYMENT)
})

test('better-auth plugin: who signed up with the address before, and never read the mailbox, is out', async () => {
  const auth = createBetterAuth({
    secret,
    baseURL: ORIGIN,
    telemetry: { enabled: false },
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    emailAndPassword: { enabled: true },
    plugins: [emailauthPlugin({ emailauth })],
  })
  const email = 'squatted@example.com'
  const password = 'a password of the squatter'
  const squatter = createBrowser(ORIGIN, auth.handler)
  const owner = squatter.another()
  const session = async (browser) => (await browser.get('/api/auth/get-session')).json()
  await squatter.postJson('/api/auth/sign-up/email', { email, password, name: 'Squatter' })
  expect(await session(squatter)).toMatchObject({ user: { email, emailVerified: false } })
  await owner.postJson('/api/auth/emailauth/register', { email })
  await owner.postJson('/api/auth/emailauth/verify', { number: await system.numberFor(email) })
  expect(await session(owner)).toMatchObject({ user: { email, emailVerified: true } })
  expect(await session(squatter)).toBeNull()
  expect((await squatter.postJson('/api/auth/sign-in/email', { email, password })).status).toBe(401)
})
