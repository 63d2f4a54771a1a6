import { eventually } from '@emailauth/testing/eventually'
import { redisCli } from '@emailauth/testing/redis-cli'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN_EMAIL, type Answer, ask, numberMailedTo, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const REQUEST = 'mutation ($email: String!) { requestSignIn(email: $email) }'
const SIGN_IN = `mutation ($number: String!) {
  signIn(number: $number) { __typename ... on SignedIn { session { id email expiresAt idleExpiresAt } } ... on Problem { code } }
}`
const VIEWER = '{ viewer { scope apiKeyId session { id email } } }'

/** One `name=value; attributes` for each cookie that an answer sets. */
const cookiesOf = ({ headers }: Answer) => [headers['set-cookie'] ?? []].flat() as string[]
const pairOf = (cookies: readonly string[], name: string) =>
  cookies.find((cookie) => cookie.includes(`emailauth-${name}=`))?.split(';')[0] ?? ''
const request = async (email: string, more = {}) => {
  const answer = await ask(world.app, undefined, REQUEST, { email }, more)
  return { answer, ticket: pairOf(cookiesOf(answer), 'sign-in') }
}
const mailed = async (since: number) => {
  await eventually(() => expect(world.smtp.mails.length).toBeGreaterThan(since))
  return numberMailedTo(world.smtp.mails, ADMIN_EMAIL)
}
/** The limit of one mail in 30 s is not what these tests are about. */
const forgetLimits = () => redisCli(world.redis.port, 'EVAL', FORGET, '0')
const FORGET = `for _, key in ipairs(redis.call('KEYS', 'ea:{admin:*')) do redis.call('DEL', key) end return 1`

async function signIn(): Promise<string> {
  await forgetLimits()
  const since = world.smtp.mails.length
  const { ticket } = await request(ADMIN_EMAIL)
  const signedIn = await ask(
    world.app,
    undefined,
    SIGN_IN,
    { number: await mailed(since) },
    { cookie: ticket },
  )
  expect(signedIn.data.signIn.__typename).toBe('SignedIn')
  return pairOf(cookiesOf(signedIn), 'session')
}

test('a number by mail opens a session, which a cookie bears that no script can read', async () => {
  const since = world.smtp.mails.length
  const { answer, ticket } = await request(' ADA@Example.com ')
  expect(answer.data).toEqual({ requestSignIn: true })
  const number = await mailed(since)
  const signedIn = await ask(world.app, undefined, SIGN_IN, { number }, { cookie: ticket })
  expect(signedIn.data.signIn).toMatchObject({ __typename: 'SignedIn', session: { email: ADMIN_EMAIL } })
  const [session = ''] = cookiesOf(signedIn)
  expect(session).toMatch(/^emailauth-session=[0-9a-f]{16}\.[\w-]{43}; .*HttpOnly/)
  expect(session).toContain('SameSite=Strict')
  const cookie = session.split(';')[0] ?? ''
  expect((await ask(world.app, undefined, VIEWER, {}, { cookie })).data.viewer).toMatchObject({
    scope: 'ADMIN',
    apiKeyId: null,
    session: { email: ADMIN_EMAIL },
  })
  expect((await ask(world.app, undefined, '{ tenants { id } }', {}, { cookie })).errors).toBeUndefined()
  // Once.
  const again = await ask(world.app, undefined, SIGN_IN, { number }, { cookie: ticket })
  expect(again.data.signIn.__typename).toBe('WrongCredentials')
  expect(world.log.join('')).not.toContain(cookie.split('.')[1])
})

test('whoever asks, the answer is the same, and only admins get a mail', async () => {
  const since = world.smtp.mails.length
  const stranger = await request('eve@example.com')
  const admin = await request(ADMIN_EMAIL)
  expect(stranger.answer.text).toBe(admin.answer.text)
  expect(stranger.ticket.length).toBe(admin.ticket.length)
  const shape = (answer: Answer) => cookiesOf(answer).map((cookie) => cookie.replace(/=[\w-]+;/, '=;'))
  expect(shape(stranger.answer)).toEqual(shape(admin.answer))
  const wrong = await ask(world.app, undefined, SIGN_IN, { number: '12345678' }, { cookie: stranger.ticket })
  expect(wrong.data.signIn.__typename).toBe('WrongCredentials')
  expect(world.smtp.mails.slice(since).flatMap(({ to }) => to)).not.toContain('eve@example.com')
})

test('a number is of no use in another browser, even with a ticket for the same address', async () => {
  await forgetLimits()
  const since = world.smtp.mails.length
  await request(ADMIN_EMAIL)
  const number = await mailed(since)
  // The limit keeps this one from being mailed, and from replacing the first.
  const { ticket } = await request(ADMIN_EMAIL)
  for (const cookie of [ticket, `${ticket}x`, 'emailauth-sign-in=', 'other=1']) {
    const answer = await ask(world.app, undefined, SIGN_IN, { number }, { cookie })
    expect(answer.data.signIn.__typename, cookie).toBe('WrongCredentials')
    expect(pairOf(cookiesOf(answer), 'session')).toBe('')
  }
})

test.each(['', '@', 'no address', 'a@b\r\nBcc: c@d', `${'x'.repeat(320)}@example.com`])(
  '%j is bad input',
  async (email) => {
    const { errors } = await ask(world.app, undefined, REQUEST, { email })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'email' })
  },
)

test('beyond loopback the cookies are Secure and bound to the host', async () => {
  const { answer } = await request('eve@example.com', { host: 'emailauth.example.com' })
  expect(cookiesOf(answer)[0]).toMatch(/^__Host-emailauth-sign-in=.*; Path=\/;.*Secure/)
})

test('the cookie of a session is worth nothing in a request from another origin', async () => {
  const cookie = await signIn()
  const from = (headers: Record<string, string>) =>
    ask(world.app, undefined, VIEWER, {}, { cookie, ...headers })
  expect((await from({ origin: 'http://localhost', 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  expect((await from({ origin: 'http://localhost:8080' })).status).toBe(401)
  expect((await from({ origin: 'https://evil.example' })).status).toBe(401)
  expect((await from({ origin: 'null' })).status).toBe(401)
  expect((await from({ 'sec-fetch-site': 'same-site' })).status).toBe(401)
  const form = await world.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { cookie, host: 'localhost', 'content-type': 'text/plain' },
    payload: JSON.stringify({ query: 'mutation { signOut }' }),
  })
  expect(form.statusCode).toBeGreaterThanOrEqual(400)
  expect((await from({})).status).toBe(200)
})

test('sessions are listed, ended by another admin, and by signing out', async () => {
  const [one, two] = [await signIn(), await signIn()]
  const idOf = (cookie: string) => /=([0-9a-f]{16})/.exec(cookie)?.[1]
  const listed = await ask(world.app, world.adminKey, '{ sessions { id email } }')
  const ids = listed.data.sessions.map(({ id }: { id: string }) => id)
  expect(ids).toEqual(expect.arrayContaining([idOf(one), idOf(two)]))
  const revoke = `mutation { revokeSession(id: "${idOf(one)}") }`
  expect((await ask(world.app, undefined, revoke, {}, { cookie: two })).data).toEqual({ revokeSession: true })
  expect((await ask(world.app, undefined, revoke, {}, { cookie: two })).data).toEqual({
    revokeSession: false,
  })
  expect((await ask(world.app, undefined, VIEWER, {}, { cookie: one })).status).toBe(401)
  const out = await ask(world.app, undefined, 'mutation { signOut }', {}, { cookie: two })
  expect(out.data).toEqual({ signOut: true })
  expect(cookiesOf(out)[0]).toMatch(/^emailauth-session=;.*Max-Age=0/)
  expect((await ask(world.app, undefined, VIEWER, {}, { cookie: two })).status).toBe(401)
  expect((await ask(world.app, undefined, 'mutation { signOut }', {}, { cookie: two })).data).toEqual({
    signOut: false,
  })
})

test('an admin who signed in stands in the audit log by address', async () => {
  const cookie = await signIn()
  await ask(
    world.app,
    undefined,
    'mutation { createTenant(input: { id: "by-ada", name: "x" }) { id } }',
    {},
    { cookie },
  )
  const { data } = await ask(
    world.app,
    world.adminKey,
    '{ events(tenantId: "by-ada") { nodes { type target actor { kind id } } } }',
  )
  expect(data.events.nodes).toEqual([
    { type: 'TENANT_CREATED', target: 'by-ada', actor: { kind: 'ADMIN', id: ADMIN_EMAIL } },
  ])
})
