import { eventually } from '@emailauth/testing/eventually'
import { redisCommand } from '@emailauth/testing/redis-command'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { ADMIN_EMAIL, ask, startWorld, type World } from '../world.ts'
import { cookiesOf, createMailSignIn, SIGN_IN, VIEWER } from './mail-sign-in.ts'

let world: World
let by: ReturnType<typeof createMailSignIn>
beforeAll(async () => {
  world = await startWorld()
  by = createMailSignIn(world)
})
afterAll(() => world?.stop())

test('an admin removed from the list loses access at once, and her sessions end', async () => {
  const cookie = await by.signIn()
  const id = /=([0-9a-f]{16})/.exec(cookie)?.[1] ?? ''
  const without = await world.another({ adminEmails: ['bob@example.com'] })
  try {
    await by.forgetLimits()
    const since = world.smtp.mails.length
    const { ticket } = await by.request(ADMIN_EMAIL)
    const number = await by.mailed(since)
    const late = await ask(without, undefined, SIGN_IN, { number }, { cookie: ticket })
    expect(late.data.signIn.__typename).toBe('WrongCredentials')
    const listed = await ask(without, world.adminKey, '{ sessions { id } }')
    expect(listed.text).not.toContain(id)
    expect((await ask(without, undefined, VIEWER, {}, { cookie })).status).toBe(401)
    await eventually(async () =>
      expect(await redisCommand(world.redis.port, 'EXISTS', `ea:session:${id}`)).toBe('0'),
    )
  } finally {
    await without.close()
  }
})

test.each([
  ['another gateway has ended', undefined],
  ['another gateway has ended, because its admin has left the list', ['bob@example.com']],
])('a session that %s changes nothing, though a gateway still believes in it', async (_, adminEmails) => {
  const [cookie, kept] = [await by.signIn(), await by.signIn()]
  const other = await world.another(adminEmails && { adminEmails })
  const act = (query: string) => ask(world.app, undefined, `mutation { ${query} }`, {}, { cookie })
  // The gateway's cache drops no entry meanwhile, however busy the machine is.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now())
  onTestFinished(() => clock.mockRestore())
  try {
    expect((await ask(world.app, undefined, VIEWER, {}, { cookie })).status).toBe(200)
    if (adminEmails === undefined) await ask(other, undefined, 'mutation { signOut }', {}, { cookie })
    else expect((await ask(other, undefined, VIEWER, {}, { cookie })).status).toBe(401)
    expect((await ask(world.app, undefined, VIEWER, {}, { cookie })).status, 'it is believed in').toBe(200)
    const keptId = /=([0-9a-f]{16})/.exec(kept)?.[1]
    for (const query of [
      'createTenant(input: { id: "too-late", name: "x" }) { id }',
      'updateTenant(input: { id: "demo", name: "Too late" }) { id }',
      'createApiKey(input: { name: "too late", scope: ADMIN }) { key }',
      `revokeSession(id: "${keptId}")`,
      'retryMessages',
    ]) {
      const { errors } = await act(query)
      expect(errors, query).toMatchObject([
        { message: 'The session that asks for this has ended.', extensions: { code: 'BAD_USER_INPUT' } },
      ])
    }
    expect((await ask(world.app, undefined, VIEWER, {}, { cookie: kept })).status).toBe(200)
    expect((await act('signOut')).data).toEqual({ signOut: false })
  } finally {
    await other.close()
  }
})

test('the cookie of a session is worth nothing in a request from another origin', async () => {
  const cookie = await by.signIn()
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

test('nor is the ticket of a sign-in that has begun, and the browser keeps it for its own page', async () => {
  await by.forgetLimits()
  const since = world.smtp.mails.length
  const { ticket: cookie } = await by.request(ADMIN_EMAIL)
  const number = await by.mailed(since)
  const from = (headers: Record<string, string>) =>
    ask(world.app, undefined, SIGN_IN, { number }, { cookie, ...headers })
  const foreign = await from({ origin: 'https://evil.example' })
  expect(foreign.data.signIn.__typename).toBe('WrongCredentials')
  expect(cookiesOf(foreign)).toEqual([])
  expect((await from({ origin: 'http://localhost' })).data.signIn.__typename).toBe('SignedIn')
})

test('sessions are listed, ended by another admin, and by signing out', async () => {
  const [one, two] = [await by.signIn(), await by.signIn()]
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

test('who signs in again ends the session that the browser had, and no other one', async () => {
  const [held, elsewhere] = [await by.signIn(), await by.signIn()]
  const next = await by.signIn(held)
  const statusOf = async (cookie: string) => (await ask(world.app, undefined, VIEWER, {}, { cookie })).status
  expect(await Promise.all([held, elsewhere, next].map(statusOf))).toEqual([401, 200, 200])
  const heldId = /=([0-9a-f]{16})/.exec(held)?.[1]
  const { data } = await ask(
    world.app,
    world.adminKey,
    '{ events(types: [SESSION_REVOKED], first: 1) { nodes { target actor { kind id } } } }',
  )
  expect(data.events.nodes).toEqual([{ target: heldId, actor: { kind: 'ADMIN', id: ADMIN_EMAIL } }])
})

test('the audit log names a signed-in admin by address', async () => {
  const cookie = await by.signIn()
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
