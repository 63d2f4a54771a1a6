import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN_EMAIL, type Answer, ask, startWorld, type World } from '../world.ts'
import { cookiesOf, createMailSignIn, pairOf, REQUEST, SIGN_IN, VIEWER } from './mail-sign-in.ts'

let world: World
let by: ReturnType<typeof createMailSignIn>
beforeAll(async () => {
  world = await startWorld()
  by = createMailSignIn(world)
})
afterAll(() => world?.stop())

test('a number by mail opens a session, which a cookie bears that no script can read', async () => {
  const since = world.smtp.mails.length
  const { answer, ticket } = await by.request(' ADA@Example.com ')
  expect(answer.data).toEqual({ requestSignIn: true })
  const number = await by.mailed(since)
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

test('a line of the mail that is pasted holds the number', async () => {
  await by.forgetLimits()
  const since = world.smtp.mails.length
  const { ticket } = await by.request(ADMIN_EMAIL)
  const number = `Code: ${await by.mailed(since)}.`
  const signedIn = await ask(world.app, undefined, SIGN_IN, { number }, { cookie: ticket })
  expect(signedIn.data.signIn.__typename).toBe('SignedIn')
})

test('the answer is the same for every address, and only admins get a mail', async () => {
  const since = world.smtp.mails.length
  const stranger = await by.request('eve@example.com')
  const admin = await by.request(ADMIN_EMAIL)
  expect(stranger.answer.text).toBe(admin.answer.text)
  expect(stranger.ticket.length).toBe(admin.ticket.length)
  const shape = (answer: Answer) => cookiesOf(answer).map((cookie) => cookie.replace(/=[\w-]+;/, '=;'))
  expect(shape(stranger.answer)).toEqual(shape(admin.answer))
  const wrong = await ask(world.app, undefined, SIGN_IN, { number: '12345678' }, { cookie: stranger.ticket })
  expect(wrong.data.signIn.__typename).toBe('WrongCredentials')
  await by.mailed(since)
  expect(world.smtp.mails.slice(since).flatMap(({ to }) => to)).not.toContain('eve@example.com')
})

test('a number is of no use in another browser, even with a ticket for the same address', async () => {
  await by.forgetLimits()
  const since = world.smtp.mails.length
  await by.request(ADMIN_EMAIL)
  const number = await by.mailed(since)
  const { ticket } = await by.request(ADMIN_EMAIL)
  // No later test may take it for its own.
  await by.mailed(since + 1)
  for (const cookie of [ticket, `${ticket}x`, 'emailauth-sign-in=', 'other=1']) {
    const answer = await ask(world.app, undefined, SIGN_IN, { number }, { cookie })
    expect(answer.data.signIn.__typename, cookie).toBe('WrongCredentials')
    expect(pairOf(cookiesOf(answer), 'session')).toBe('')
  }
})

test('a stranger neither burns nor replaces an admin’s number, and another ticket’s misses are its own', async () => {
  await by.forgetLimits()
  const since = world.smtp.mails.length
  const ada = await by.request(ADMIN_EMAIL)
  const number = await by.mailed(since)
  for (let i = 0; i < 3; i++) {
    const eve = await by.request(ADMIN_EMAIL)
    for (let tries = 0; tries < 6; tries++)
      await ask(world.app, undefined, SIGN_IN, { number: '00000000' }, { cookie: eve.ticket })
  }
  await eventually(() => expect(world.smtp.mails.length).toBeGreaterThanOrEqual(since + 4))
  const { data } = await ask(world.app, undefined, SIGN_IN, { number }, { cookie: ada.ticket })
  expect(data.signIn.__typename).toBe('SignedIn')
})

test('a browser that asks twice keeps its number, and gets it by mail again', async () => {
  await by.forgetLimits()
  const since = world.smtp.mails.length
  const first = await by.request(ADMIN_EMAIL)
  const number = await by.mailed(since)
  const { ticket } = await by.request(ADMIN_EMAIL, { cookie: first.ticket })
  expect(await by.mailed(since + 1)).toBe(number)
  const { data } = await ask(world.app, undefined, SIGN_IN, { number }, { cookie: ticket })
  expect(data.signIn.__typename).toBe('SignedIn')
})

test('when strangers have used up the mails of an address, a browser that has signed in before still gets one; what is dropped is logged', async () => {
  await by.forgetLimits()
  let since = world.smtp.mails.length
  const { ticket } = await by.request(ADMIN_EMAIL)
  const signedIn = await ask(
    world.app,
    undefined,
    SIGN_IN,
    { number: await by.mailed(since) },
    { cookie: ticket },
  )
  const device = pairOf(cookiesOf(signedIn), 'device')
  expect(device).toMatch(/^emailauth-device=[\w-]+$/)
  for (let i = 0; i < 8; i++) await by.request(ADMIN_EMAIL)
  // Of one network 4 in 10 minutes, the first among them.
  await eventually(() => expect(world.smtp.mails).toHaveLength(since + 4))
  await eventually(() => expect(world.log.join('')).toMatch(/"reason":"network".*sign-ins were not mailed/))
  since = world.smtp.mails.length
  await by.request(ADMIN_EMAIL)
  const known = await by.request(ADMIN_EMAIL, { cookie: device })
  const number = await by.mailed(since)
  expect(world.smtp.mails).toHaveLength(since + 1)
  const { data } = await ask(world.app, undefined, SIGN_IN, { number }, { cookie: known.ticket })
  expect(data.signIn.__typename).toBe('SignedIn')
  expect(world.log.join('')).not.toContain(ADMIN_EMAIL)
})

test('where mail sign-in is off, nothing is mailed, and no number of before opens anything', async () => {
  await by.forgetLimits()
  const since = world.smtp.mails.length
  const { ticket } = await by.request(ADMIN_EMAIL)
  const number = await by.mailed(since)
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
  await by.forgetLimits()
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
  // A mail that the relay was slow to take comes later.
  await eventually(() => expect(world.smtp.mails).toHaveLength(since + 4))
})

test.each(['', '@', 'no address', 'a@b\r\nBcc: c@d', `${'x'.repeat(320)}@example.com`])(
  '%j is bad input',
  async (email) => {
    const { errors } = await ask(world.app, undefined, REQUEST, { email })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'email' })
  },
)

test('beyond loopback the cookies are Secure and bound to the host', async () => {
  const { answer } = await by.request('eve@example.com', { host: 'emailauth.example.com' })
  expect(cookiesOf(answer)[0]).toMatch(/^__Host-emailauth-sign-in=.*; Path=\/;.*Secure/)
})
