import { randomBytes } from 'node:crypto'
import type { RingKey } from '@emailauth/contracts/key-ring'
import { createKeyRing, type SecretKey } from '@emailauth/secrets/key-ring'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildPersistence } from '../../src/app.ts'
import { diagnose } from '../../src/diagnostics/diagnose.ts'
import { openStore, type Store } from '../../src/open-store.ts'
import { outcome, register, verify } from '../calls.ts'
import { openStoreAt, type TestStore } from '../store.ts'

const HOUR_MS = 3_600_000
const NEEDED_MS = 25 * HOUR_MS

let server: TestRedis
let it: TestStore
beforeAll(async () => {
  server = await startRedis('--appendonly', 'yes')
})
afterAll(() => server?.stop())
beforeEach(async () => {
  it = await openStoreAt(server.url)
  // Each test has a new store with its own keys.
  await it.redis.flushall()
})
afterEach(async () => {
  await it.redis.flushall()
  await it.close()
})

const old: SecretKey = { cipher: 'xaes-256-gcm', secret: randomBytes(32) }
const next: SecretKey = { cipher: 'xchacha20-poly1305', secret: randomBytes(32) }
const idOf = (key: SecretKey) => createKeyRing([key]).keys[0].id.toString('hex')
const named = (key: SecretKey) => ({ id: idOf(key), cipher: key.cipher })
const open = (...keys: SecretKey[]): Promise<Store> =>
  openStore({ redis: it.redis, ring: createKeyRing(keys), now: () => it.clock.ms })
const moment = (ms: number) => new Date(ms).toISOString()

test('a key is needed for 25 hours after it was last the newest of any service', async () => {
  const before = await open(old)
  expect(await before.keyRing.list()).toEqual([{ ...named(old), newest: true, neededUntil: null }])
  const startedAt = it.clock.ms
  it.clock.ms += HOUR_MS
  const after = await open(next, old)
  const list = (usedUntil: number) => [
    { ...named(next), newest: true, neededUntil: null },
    { ...named(old), newest: false, neededUntil: moment(usedUntil + NEEDED_MS) },
  ]
  expect(await after.keyRing.list()).toEqual(list(startedAt))
  // A service with the old environment still runs and writes.
  await before.keyRing.note()
  expect(await after.keyRing.list()).toEqual(list(it.clock.ms))
  const lastUsedAt = it.clock.ms
  it.clock.ms += HOUR_MS
  await after.keyRing.note()
  expect(await after.keyRing.list()).toEqual(list(lastUsedAt))
})

test('an older key that nobody has noted yet is needed, to be safe', async () => {
  const store = await open(next, old)
  const at = it.clock.ms
  it.clock.ms += HOUR_MS
  await open(next, old)
  expect((await store.keyRing.list())[1]).toEqual({
    ...named(old),
    newest: false,
    neededUntil: moment(at + NEEDED_MS),
  })
})

test('rotation: added, newest, and the old one out when its time is over: all of it works all the time', async () => {
  const tenant = it.tenant()
  const first = await open(old)
  const ada = await register(first, tenant)
  const added = await open(old, next)
  const bob = await register(added, tenant, { email: 'bob@example.com' })
  const turned = await open(next, old)
  expect(await outcome(verify(turned, tenant, ada.number))).toBe('verified')
  expect((await register(turned, tenant, { email: 'bob@example.com' })).replacedIdentityId).toBe(
    bob.identityId,
  )
  expect(await outcome(verify(turned, tenant, bob.number))).toBe('wrong-credentials')

  const until = Date.parse((await turned.keyRing.list())[1]?.neededUntil ?? '')
  it.clock.ms = until + 1
  const eve = await register(turned, tenant, { email: 'eve@example.com' })
  const alone = await open(next)
  expect(alone.context.partitionKey).toEqual(first.context.partitionKey)
  expect(await diagnose(alone)).toEqual([])
  expect(await outcome(verify(alone, tenant, eve.number))).toBe('verified')
})

test('a key that is taken out too early is a finding that names it, until its time is over', async () => {
  await open(old)
  await open(next, old)
  const hasty = await open(next)
  const [finding] = await diagnose(hasty)
  expect(finding).toMatchObject({ code: 'key-missing', level: 'fail' })
  expect(finding?.detail).toContain(idOf(old))
  expect(finding?.detail).toContain(moment(it.clock.ms + NEEDED_MS))
  it.clock.ms += NEEDED_MS
  expect(await diagnose(hasty)).toEqual([])
})

test('a key that was never beside the newest cannot simply be swapped', async () => {
  await open(old)
  await expect(open(next)).rejects.toThrow('EMAILAUTH_SECRET_KEYS')
})

test('ten services that start at once with a new key agree on the partition key', async () => {
  const first = await open(old)
  const started = await Promise.all(
    Array.from({ length: 10 }, (_, i) => (i % 2 ? open(next, old) : open(old, next))),
  )
  await open(next, old)
  for (const { context } of [...started, await open(next)])
    expect(context.partitionKey).toEqual(first.context.partitionKey)
})

test('GET /v1/key-ring reports it without the keys themselves', async () => {
  const store = await open(next, old)
  const app = await buildPersistence({ store, serviceToken: 's'.repeat(32) })
  try {
    const reply = await app.inject({
      url: '/v1/key-ring',
      headers: { authorization: `Bearer ${'s'.repeat(32)}` },
    })
    expect(reply.statusCode).toBe(200)
    expect(reply.json().keys.map(({ id, cipher, newest }: RingKey) => [id, cipher, newest])).toEqual([
      [idOf(next), 'xchacha20-poly1305', true],
      [idOf(old), 'xaes-256-gcm', false],
    ])
    for (const { secret } of [old, next])
      for (const form of ['hex', 'base64', 'base64url'] as const)
        expect(reply.body).not.toContain(secret.toString(form).slice(0, 12))
  } finally {
    await app.close()
  }
})
