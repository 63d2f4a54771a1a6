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
/** The budgets are not what most of these tests are about. */
const forgetLimits = () => redisCli(world.redis.port, 'EVAL', FORGET, '0')
const FORGET = `for _, key in ipairs(redis.call('KEYS', 'ea:sign-in:*')) do redis.call('DEL', key) end return 1`

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

test('the answer is the same for every address, and only admins get a mail', async () => {
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
  const { ticket } = await request(ADMIN_EMAIL)
  for (const cookie of [ticket, `${ticket}x`, 'emailauth-sign-in=', 'other=1']) {
    const answer = await ask(world.app, undefined, SIGN_IN, { number }, { cookie })
    expect(answer.data.signIn.__typename, cookie).toBe('WrongCredentials')
    expect(pairOf(cookiesOf(answer), 'session')).toBe('')
  }
})

test('a stranger neither burns nor replaces an admin’s number, and another ticket’s misses are its own', async () => {
  await forgetLimits()
  const since = world.smtp.mails.length
  const ada = await request(ADMIN_EMAIL)
  const number = await mailed(since)
  for (let i = 0; i < 3; i++) {
    const eve = await request(ADMIN_EMAIL)
    for (let tries = 0; tries < 6; tries++)
      await ask(world.app, undefined, SIGN_IN, { number: '00000000' }, { cookie: eve.ticket })
  }
  await eventually(() => expect(world.smtp.mails.length).toBeGreaterThanOrEqual(since + 4))
  const { data } = await ask(world.app, undefined, SIGN_IN, { number }, { cookie: ada.ticket })
  expect(data.signIn.__typename).toBe('SignedIn')
})

test('a browser that asks twice keeps its number, and gets it by mail again', async () => {
  await forgetLimits()
  const since = world.smtp.mails.length
  const first = await request(ADMIN_EMAIL)
  const number = await mailed(since)
  const { ticket } = await request(ADMIN_EMAIL, { cookie: first.ticket })
  expect(await mailed(since + 1)).toBe(number)
  const { data } = await ask(world.app, undefined, SIGN_IN, { number }, { cookie: ticket })
  expect(data.signIn.__typename).toBe('SignedIn')
})

test('when strangers have used up the mails of an address, a browser that has signed in before still gets one; what is dropped is logged', async () => {
  await forgetLimits()
  let since = world.smtp.mails.length
  const { ticket } = await request(ADMIN_EMAIL)
  const signedIn = await ask(
    world.app,
    undefined,
    SIGN_IN,
    { number: await mailed(since) },
    { cookie: ticket },
  )
  const device = pairOf(cookiesOf(signedIn), 'device')
  expect(device).toMatch(/^emailauth-device=[\w-]+$/)
  for (let i = 0; i < 8; i++) await request(ADMIN_EMAIL)
  // Of one network 4 in 10 minutes, the first among them.
  await eventually(() => expect(world.smtp.mails).toHaveLength(since + 4))
  await eventually(() => expect(world.log.join('')).toMatch(/"reason":"network".*sign-ins were not mailed/))
  since = world.smtp.mails.length
  await request(ADMIN_EMAIL)
  const known = await request(ADMIN_EMAIL, { cookie: device })
  const number = await mailed(since)
  expect(world.smtp.mails).toHaveLength(since + 1)
  const { data } = await ask(world.app, undefined, SIGN_IN, { number }, { cookie: known.ticket })
  expect(data.signIn.__typename).toBe('SignedIn')
  expect(world.log.join('')).not.toContain(ADMIN_EMAIL)
})

test('an admin removed from the list loses access at once, and her sessions end', async () => {
  const cookie = await signIn()
  const id = /=([0-9a-f]{16})/.exec(cookie)?.[1] ?? ''
  const without = await world.another({ adminEmails: ['bob@example.com'] })
  try {
    await forgetLimits()
    const since = world.smtp.mails.length
    const { ticket } = await request(ADMIN_EMAIL)
    const number = await mailed(since)
    const late = await ask(without, undefined, SIGN_IN, { number }, { cookie: ticket })
    expect(late.data.signIn.__typename).toBe('WrongCredentials')
    const listed = await ask(without, world.adminKey, '{ sessions { id } }')
    expect(listed.text).not.toContain(id)
    expect((await ask(without, undefined, VIEWER, {}, { cookie })).status).toBe(401)
    await eventually(async () =>
      expect(await redisCli(world.redis.port, 'EXISTS', `ea:session:${id}`)).toBe('0'),
    )
  } finally {
    await without.close()
  }
})

test('where mail sign-in is off, nothing is mailed, and no number of before opens anything', async () => {
  await forgetLimits()
  const since = world.smtp.mails.length
  const { ticket } = await request(ADMIN_EMAIL)
  const number = await mailed(since)
  const off = await world.another({ mailSignIn: 'never' })
  try {
    const refused = await ask(off, undefined, SIGN_IN, { number }, { cookie: ticket })
    expect(refused.data.signIn.__typename).toBe('WrongCredentials')
    const sent = world.smtp.mails.length
    expect((await ask(off, undefined, REQUEST, { email: ADMIN_EMAIL })).data).toEqual({ requestSignIn: true })
    await off.close()
    expect(world.smtp.mails).toHaveLength(sent)
  } finally {
    await off.close()
  }
})

test.each([
  ['203.0.113.9:4711', '203.0.113.9'],
  ['198.51.100.7, 203.0.113.9', '203.0.113.9:5'],
  ['unknown', '_hidden'],
  ['[2001:db8::1]:80', '2001:db8::ffff'],
  ['1.2.3.4, 203.0.113.9, 10.0.0.1:80', '203.0.113.9'],
])('behind a proxy %s and %s are one client, whose budget is one', async (one, other) => {
  await forgetLimits()
  const proxied = await world.another({ trustedProxies: ['127.0.0.1', '10.0.0.0/8'] })
  const since = world.smtp.mails.length
  try {
    for (let i = 0; i < 6; i++)
      await ask(
        proxied,
        undefined,
        REQUEST,
        { email: ADMIN_EMAIL },
        { 'x-forwarded-for': i % 2 ? one : other },
      )
  } finally {
    await proxied.close()
  }
  expect(world.smtp.mails).toHaveLength(since + 4)
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

test('the audit log names a signed-in admin by address', async () => {
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
