import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startGateway, type TestService } from '@emailauth/testing/services'
import { expectWithin } from '@emailauth/testing/timing'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ADMIN_EMAIL,
  ask,
  freshAddress,
  numberMailedTo,
  REGISTER,
  startWorld,
  VERIFY,
  type World,
} from '../world.ts'
import { follow, type LiveClient } from './live-client.ts'

/** As a client does: without it, refused readers would keep an overloaded gateway overloaded. */
const RECONNECT_MS = 200
const READERS = Number(process.env.EMAILAUTH_TEST_READERS ?? 12)

let world: World
let other: FastifyInstance
let url: string
let otherUrl: string
beforeAll(async () => {
  world = await startWorld()
  other = await world.another()
  url = await world.app.listen({ host: '127.0.0.1', port: 0 })
  otherUrl = await other.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await other?.close()
  await world?.stop()
})

const register = async (key = world.key, email = freshAddress()): Promise<string> => {
  const { data } = await ask(world.app, key, REGISTER, { input: { email, token: 't' } })
  return data.register.identityId
}
/** Without DEFERRED: on a busy machine the first attempt of a mail may take too long. */
const kinds = ({ events }: LiveClient, id: string) =>
  events.filter(({ identityId, type }) => identityId === id && type !== 'DEFERRED').map(({ type }) => type)

test('every gateway delivers events in order, and each tenant gets only its own', async () => {
  const mine = follow(otherUrl, world.key, { after: '0' })
  const theirs = follow(url, world.otherKey, { after: '0' })
  const all = follow(url, world.adminKey, { after: '0' })
  const email = freshAddress()
  const id = await register(world.key, email)
  const foreign = await register(world.otherKey)
  await eventually(() => expect(kinds(mine, id)).toContain('SENT'))
  await ask(world.app, world.key, VERIFY, { input: { number: numberMailedTo(world.smtp.mails, email) } })
  const whole = ['REGISTERED', 'SENT', 'VERIFIED']
  await eventually(() => {
    expect(kinds(mine, id)).toEqual(whole)
    expect(kinds(all, id)).toEqual(whole)
    expect(kinds(theirs, foreign)).toEqual(['REGISTERED', 'SENT'])
    expect(kinds(all, foreign)).toEqual(['REGISTERED', 'SENT'])
  })
  expect(kinds(mine, foreign)).toEqual([])
  expect(kinds(theirs, id)).toEqual([])
  expect(theirs.events.every(({ type }) => !type.startsWith('TENANT_'))).toBe(true)
  for (const client of [mine, theirs, all]) client.stop()
})

test('of some types only, and from a cursor on', async () => {
  const first = await register()
  const second = await register()
  const query =
    '{ events(first: 2, types: [REGISTERED]) { nodes { cursor identityId email } pageInfo { endCursor hasNextPage } } }'
  const { data } = await ask(world.app, world.key, query)
  const [newest, before] = data.events.nodes
  expect([newest.identityId, before.identityId]).toEqual([second, first])
  expect(data.events.pageInfo).toEqual({ endCursor: before.cursor, hasNextPage: true })
  const client = follow(url, world.key, { types: ['REGISTERED'], after: before.cursor })
  const third = await register()
  await eventually(() => expect(client.events.map(({ identityId }) => identityId)).toEqual([second, third]))
  client.stop()
})

test.each([
  ['no key', () => undefined],
  ['a malformed key', () => 'ea_nonsense'],
  ['a key that is a letter off', () => world.key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))],
])('with %s the socket is closed', async (_name, key) => {
  expect(await follow(url, key()).over).toMatchObject({ code: 4403 })
})

test("another tenant's events are refused, and so is everything that is no subscription", async () => {
  const over = async (variables: object, query?: string) => {
    const client = follow(url, world.otherKey, { ...variables }, query === undefined ? {} : { query })
    const errors = (await client.over) as { extensions: { code: string } }[]
    client.stop()
    return errors[0]?.extensions.code
  }
  expect(await over({ tenantId: 'demo' })).toBe('FORBIDDEN')
  expect(await over({ after: 'x' })).toBe('BAD_USER_INPUT')
  expect(await over({}, '{ viewer { scope } }')).toBe('BAD_USER_INPUT')
  expect(await over({}, 'mutation { revokeIdentity(id: "x") }')).toBe('BAD_USER_INPUT')
  expect(await over({}, 'subscription {')).toBe('BAD_USER_INPUT')
  const byHttp = await ask(world.app, world.key, 'subscription { events { type } }')
  expect([byHttp.status, byHttp.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT'])
})

test('a key that is revoked through one gateway loses its subscription on the other within 5 s', async () => {
  const key = await world.newKey({ scope: 'tenant', tenantId: 'demo', name: 'short' })
  const client = follow(otherUrl, key, { after: '0' })
  await client.connected
  expect((await ask(other, key, '{ viewer { scope } }')).status).toBe(200)
  const began = Date.now()
  await ask(world.app, world.adminKey, `mutation { revokeApiKey(id: "${key.split('_')[1]}") }`)
  expect(await client.over).toMatchObject({ code: 4403 })
  expectWithin(Date.now() - began, 5000)
  expect((await ask(other, key, '{ viewer { scope } }')).status).toBe(401)
})

test('so does a session that ends, and a tenant that is disabled; another site gets nothing', async () => {
  const { id, cookie } = await world.newSession()
  const own = { cookie, origin: otherUrl }
  const client = follow(otherUrl, undefined, {}, { headers: own })
  await client.connected
  const foreign = follow(otherUrl, undefined, {}, { headers: { ...own, origin: 'https://evil.example' } })
  expect(await foreign.over).toMatchObject({ code: 4403 })
  await world.persist('/v1/tenants', { id: 'paused', name: 'Paused' })
  const key = await world.newKey({ scope: 'tenant', tenantId: 'paused', name: 'k' })
  const paused = follow(otherUrl, key)
  await paused.connected
  const began = Date.now()
  await ask(world.app, world.adminKey, `mutation { revokeSession(id: "${id}") }`)
  await ask(world.app, world.adminKey, 'mutation { disableTenant(id: "paused") { status } }')
  expect(await client.over).toMatchObject({ code: 4403 })
  expect(await paused.over).toMatchObject({ code: 4403 })
  expectWithin(Date.now() - began, 5000)
})

test('a reader that leaves while it waits leaves nothing behind', async () => {
  const clients = Array.from({ length: 20 }, () => follow(url, world.otherKey))
  await Promise.all(clients.map(({ connected }) => connected))
  for (const client of clients) client.stop()
  const late = follow(url, world.otherKey, { after: '0' })
  await eventually(() => expect(late.events.length).toBeGreaterThan(0))
  late.stop()
})

/**
 * Follows all registers of the tenant, and goes on after the last one that came when a subscription ends, at
 * the next of its gateways.
 */
function aReader(urls: readonly string[]) {
  const seen: string[] = []
  const cursors: string[] = []
  let after: string | undefined = '0'
  let current: LiveClient | undefined
  let end: unknown
  let isOver = false
  const run = async () => {
    for (let at = 0; !isOver; at++) {
      current = follow(urls[at % urls.length] ?? '', world.key, { types: ['REGISTERED'], after })
      end = await current.over
      after = current.after()
      seen.push(...current.events.map(({ identityId }) => identityId ?? ''))
      cursors.push(...current.events.map(({ cursor }) => cursor))
      current = undefined
      // As a browser pauses before it connects again.
      if (!isOver) await wait(RECONNECT_MS)
    }
  }
  const done = run()
  return {
    seen,
    cursors,
    count: () => seen.length + (current?.events.length ?? 0),
    has: (id: string) =>
      seen.includes(id) || (current?.events.some(({ identityId }) => identityId === id) ?? false),
    lastEnd: () => end,
    async stop() {
      isOver = true
      current?.stop()
      await done
    },
  }
}

test(`when a gateway is killed under ${READERS} readers, none misses an event or gets one twice`, async () => {
  const spawnGateway = () => startGateway({ env: { ...world.env, EMAILAUTH_ADMIN_EMAILS: ADMIN_EMAIL } })
  const gateways: TestService[] = await Promise.all([spawnGateway(), spawnGateway()])
  const [first, second] = gateways as [TestService, TestService]
  const made: string[] = []
  let isWritten = false
  // A reader at a gateway that stays sets the pace: it sees only what the overload did not refuse.
  const witness = aReader([otherUrl])
  const writing = (async () => {
    while (!isWritten) {
      const id = await register().catch(() => undefined)
      if (id === undefined) continue
      made.push(id)
      await eventually(() => expect(witness.has(id), `last end: ${witness.lastEnd()}`).toBe(true), 30_000)
    }
  })()
  const readers = Array.from({ length: READERS }, () => aReader([first.url, second.url]))
  try {
    const allHave = (count: () => number) =>
      eventually(() => {
        for (const reader of readers) {
          expect(reader.count(), `last end: ${reader.lastEnd()}`).toBeGreaterThanOrEqual(count())
        }
      }, 120_000)
    await allHave(() => 10)
    const before = made.length
    await first.kill()
    await eventually(() => expect(made.length).toBeGreaterThan(before + 10), 120_000)
    await allHave(() => before + 10)
    isWritten = true
    await writing
    // A reader between two connections goes on until it has everything.
    await allHave(() => made.length)
  } finally {
    isWritten = true
    await writing
    await Promise.all([witness, ...readers].map(({ stop }) => stop()))
    await Promise.all(gateways.map((gateway) => gateway.kill()))
  }
  for (const { seen, cursors } of readers) {
    expect(new Set(cursors).size).toBe(cursors.length)
    expect(cursors).toEqual([...cursors].sort())
    expect(made.filter((id) => !seen.includes(id))).toEqual([])
  }
}, 500_000)
