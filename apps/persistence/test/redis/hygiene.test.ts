import { randomUUID } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyPrefix, keys as storeKeys } from '../../src/store/keys.ts'
import { nowArgument, runQuery } from '../../src/store/partition.ts'
import { scripts } from '../../src/store/scripts.ts'
import { faultCode, outcome, register, verify } from '../calls.ts'
import { sweep } from '../events/recorded-events.ts'
import { programs, runClients } from '../model/parallel.ts'
import { openStoreAt, type TestStore } from '../store.ts'

const HOUR_MS = 3_600_000
const dueKey = storeKeys.due

let server: TestRedis
let it: TestStore
beforeAll(async () => {
  server = await startRedis('--maxmemory-policy', 'noeviction')
  it = await openStoreAt(server.url)
})
afterAll(async () => {
  await it?.close()
  await server?.stop()
})

test('a full Redis refuses what is new, loses nothing, and works again with more memory', async () => {
  const tenant = it.tenant()
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, i) => register(it.store, tenant, { email: `user-${i}@example.com` })),
  )
  const [first, second, ...others] = made
  if (first === undefined || second === undefined) throw new Error('Nobody was registered.')
  // Nobody waits for the announcement of what expires.
  await eventually(async () => expect(await it.redis.exists(dueKey)).toBe(1))
  const keysOfTenant = async () => (await it.redis.keys(`*${tenant.id}*`)).sort()
  const before = await keysOfTenant()
  expect(before.length).toBeGreaterThan(made.length)
  await it.redis.config('SET', 'maxmemory', '1mb')
  try {
    for (const email of ['user-0@example.com', 'new@example.com'])
      expect(await register(it.store, tenant, { email }).catch(faultCode)).toBe('unavailable')
    expect(await outcome(verify(it.store, tenant, '9'.repeat(12)))).toBe('unavailable')
    expect(await keysOfTenant()).toEqual(before)
    // Calls that free memory still work.
    expect(await outcome(verify(it.store, tenant, first.number))).toBe('verified')
    expect(await it.store.identities.revoke(second.identityId)).toBe(true)
  } finally {
    await it.redis.config('SET', 'maxmemory', '0')
  }
  for (const { number } of [first, second])
    expect(await outcome(verify(it.store, tenant, number))).toBe('wrong-credentials')
  for (const { number } of others) expect(await outcome(verify(it.store, tenant, number))).toBe('verified')
  expect((await register(it.store, tenant)).replaced).toBe(false)
})

test('whatever is done, every key of an identity has a TTL, and none of more than two days', async () => {
  const limits = {
    mailsPerAddress: [
      { max: 2, windowSeconds: 600 },
      { max: 4, windowSeconds: 86_400 },
    ],
    registersPerClientIp: { max: 3, windowSeconds: 86_400 },
    missesPerClientIp: { max: 2, windowSeconds: 86_400 },
    verification: 'BOUND' as const,
  }
  const limited = it.tenant(limits)
  for (let i = 0; i < 30; i++) {
    it.clock.ms += i * 97_000
    const email = `user-${i % 3}${i % 2 === 0 ? '+tag' : ''}@example.com`
    const clientIp = `10.0.0.${i % 4}`
    const answer = await it.store.register(limited, {
      ...{ tenantId: limited.id, requestId: randomUUID(), email, token: 't', clientIp },
      expiresInSeconds: i % 5 === 0 ? 86_400 : 60,
    })
    if ('problem' in answer) continue
    const { identityId, number } = answer.registration
    const acts = [
      () => it.store.identities.refuse(identityId),
      () => it.store.resend(limited, { tenantId: limited.id, requestId: randomUUID(), identityId }),
      () => verify(it.store, limited, '11111111', { identityId, clientIp }),
      () => verify(it.store, limited, number ?? '', { email }),
    ]
    await acts[i % acts.length]?.()
  }
  for (const clients of fc.sample(programs, { numRuns: 20, seed: 7 }))
    await runClients([it.store], it.tenant(), clients)

  const names = (await it.redis.keysBuffer('*')).filter((name) => name.includes('{'))
  const kinds = new Set<string>()
  for (const name of names) {
    const text = name.toString('latin1')
    const ttlMs = await it.redis.pttl(name)
    // A key may expire between KEYS and PTTL.
    if (ttlMs === -2) continue
    expect(ttlMs, text).not.toBe(-1)
    expect(ttlMs, text).toBeLessThanOrEqual(49 * HOUR_MS)
    kinds.add(text.slice(text.indexOf('}:') + 2).split(':')[0] ?? '')
  }
  for (const kind of ['n', 'a', 'r', 'g', 'm', 'x', 'i', 'index', 'live', 'open', 'swept', 'budget', 'w'])
    expect(kinds).toContain(kind)
})

test('5,000 identities that expire are swept in bounded steps, each recorded once, also by two sweepers', async () => {
  const tenant = it.tenant()
  const made = new Set<string>()
  for (let batch = 0; batch < 10; batch++) {
    it.clock.ms += 250
    const ids = await Promise.all(
      Array.from({ length: 500 }, async (_, i) => {
        const email = `user-${batch}-${i}@example.com`
        return (await register(it.store, tenant, { email })).identityId
      }),
    )
    for (const id of ids) made.add(id)
  }
  const { context } = it.store
  const step = async () => {
    const args = { now: nowArgument(context), mostSeconds: 1000, mostMembers: 300, rollUpDelayMs: 0 }
    return (await runQuery(context, scripts.sweep, { tenantId: tenant.id, partition: 0 }, args)).expired
  }
  expect(await step()).toEqual([])
  it.clock.ms += 603_000

  const seen: string[] = []
  let steps = 0
  const sweeper = async () => {
    for (;;) {
      const expired = await step()
      steps += 1
      expect(expired.length).toBeLessThanOrEqual(300)
      if (expired.length === 0) return
      seen.push(...expired.map((member) => member.toString('hex')))
    }
  }
  await Promise.all([sweeper(), sweeper()])
  expect(steps).toBeGreaterThanOrEqual(5000 / 300)
  expect(seen).toHaveLength(5000)
  expect(new Set(seen).size).toBe(5000)
  for (const keys of ['index', 'live', 'i:*', 'x:*'])
    expect(await it.redis.keys(`${keyPrefix(tenant.id, 0)}${keys}`), keys).toEqual([])
})

test('the sweeper goes over every tenant, and a number that lives longer stays', async () => {
  const tenants = await Promise.all(
    ['one', 'two'].map(async (id) => {
      const created = await it.store.tenants.create({ id, name: id })
      if (!('tenant' in created)) throw new Error('The tenant was not made.')
      return created.tenant
    }),
  )
  for (const tenant of tenants) {
    await register(it.store, tenant, { email: 'short@example.com', expiresInSeconds: 60 })
    await register(it.store, tenant, { email: 'long@example.com', expiresInSeconds: 6000 })
  }
  it.clock.ms += 63_000
  await sweep(it)
  for (const { id } of tenants) expect(await it.redis.get(`${keyPrefix(id, 0)}live`), id).toBe('1')
})
