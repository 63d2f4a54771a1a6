import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import { HOUR_MS } from '../events/recorded-events.ts'
import { addCopies } from '../events/stream-copies.ts'
import type { TestStore } from '../store.ts'
import { type AuditWorld, act, ada, auditWorldForTests, thief } from './audit-world.ts'

let it: TestStore
let world: AuditWorld
auditWorldForTests((opened) => {
  world = opened
  it = opened.it
})

const DAY_MS = 24 * HOUR_MS

/** Waits for Redis's next millisecond, because entries of several lanes have no order within one. */
async function nextMillisecond() {
  const nowMs = async () => {
    const [seconds, micros] = await it.redis.time()
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
  }
  const before = await nowMs()
  await eventually(async () => expect(await nowMs()).toBeGreaterThan(before))
}

test('one key may do 600 things an hour; revoking goes on, and so do others', async () => {
  const mine = { kind: 'api-key', id: 'b'.repeat(12) } as const
  for (let i = 0; i < 600; i++) await it.store.audit.record(act('x', mine))
  await expect(it.store.audit.record(act('x', mine))).rejects.toMatchObject({
    problem: { code: 'rate-limited' },
  })
  expect(await world.entries()).toHaveLength(600)
  await it.store.audit.record({ ...act('x', mine), type: 'key.revoked' })
  await it.store.audit.record(act('x'))
  for (const key of await it.redis.keys('ea:audit:rate:*')) {
    const windowMs = key.endsWith(':api-keys') ? DAY_MS : HOUR_MS
    const leftMs = await it.redis.pttl(key)
    expect(leftMs, key).toBeGreaterThan(windowMs / 2)
    expect(leftMs, key).toBeLessThanOrEqual(windowMs)
  }
  await expect(it.store.audit.record(act('x', mine))).rejects.toMatchObject({
    problem: { retryAfterSeconds: expect.toSatisfy((s: number) => s > 1800 && s <= 3600) },
  })
})

test('all keys together may do 3,000 things a day, so new keys give no new room; people go on', async () => {
  await it.redis.set('ea:audit:rate:api-keys', '3000', 'PX', 86_400_000)
  const fresh = { kind: 'api-key', id: 'c'.repeat(12) } as const
  await expect(it.store.audit.record(act('x', fresh))).rejects.toMatchObject({
    problem: { code: 'rate-limited' },
  })
  await it.store.audit.record(act('x'))
  await it.redis.set('ea:audit:rate:api-keys', '2999', 'PX', 86_400_000)
  await it.store.audit.record(act('x', fresh))
  await it.redis.del('ea:audit:rate:api-keys')
})

/** An act of a new API key of a tenant. */
async function actOfTenant(tenantId: string) {
  const { apiKey } = await it.store.apiKeys.create({ scope: 'tenant', tenantId, name: 'k' }, ada)
  const actor = { kind: 'api-key', id: apiKey.id } as const
  return { type: 'webhook.tested', actor, tenantId, target: `${tenantId}.wh_${'0'.repeat(16)}` } as const
}

test('the keys of a tenant have a limit apart: no tenant uses up what admin keys and others may do', async () => {
  const rate = 'ea:audit:rate:tenant:shop'
  await it.store.audit.record(await actOfTenant('shop'))
  expect(await it.redis.get(rate)).toBe('1')
  expect(await it.redis.pttl(rate)).toBeGreaterThan(DAY_MS / 2)
  expect(await it.redis.pttl(rate)).toBeLessThanOrEqual(DAY_MS)
  await it.redis.set(rate, '2999', 'PX', DAY_MS)
  await it.store.audit.record(await actOfTenant('shop'))
  await expect(it.store.audit.record(await actOfTenant('shop'))).rejects.toMatchObject({
    problem: { code: 'rate-limited' },
  })
  expect(await it.redis.get('ea:audit:rate:api-keys')).toBeNull()
  await it.store.audit.record(await actOfTenant('other'))
  await it.store.audit.record(act('x', thief))
  expect(await it.redis.get('ea:audit:rate:api-keys')).toBe('1')
})

test('callers that name no actor have a limit too', async () => {
  const system = { kind: 'system', id: 'system' } as const
  const made = { type: 'tenant.created', actor: system, tenantId: 'demo', target: 'demo' } as const
  await it.store.audit.record(made)
  const [rate = ''] = await it.redis.keys('ea:audit:rate:system:*')
  expect(await it.redis.get(rate)).toBe('1')
  expect(await it.redis.pttl(rate)).toBeGreaterThan(HOUR_MS / 2)
  expect(await it.redis.pttl(rate)).toBeLessThanOrEqual(HOUR_MS)
  await it.redis.set(rate, '2999', 'PX', HOUR_MS)
  await it.store.audit.record(made)
  await expect(it.store.audit.record(made)).rejects.toMatchObject({ problem: { code: 'rate-limited' } })
  await world.record('people go on')
})

test('an actor that fills its lane pushes nobody else out, and the view is one order', async () => {
  await world.record('first')
  await nextMillisecond()
  for (const target of ['a', 'b']) await it.store.audit.record(act(target, thief))
  await nextMillisecond()
  await world.record('last')
  expect(await world.logs()).toHaveLength(2)
  const { events } = await it.store.events.page({ audit: true, first: 10 })
  expect(events.map(({ target }) => target)).toEqual(['last', 'b', 'a', 'first'])
  const theirs = (await world.logs()).find((log) => log.includes('{*k')) ?? ''
  const [newest] = await it.redis.xrevrange(theirs, '+', '-', 'COUNT', 1)
  // The same as in a full lane, which has 100,000 entries of one actor.
  await addCopies(it.redis, theirs, newest?.[1] ?? [], 101_000)
  await it.store.audit.record(act('c', thief))
  expect(await it.redis.xlen(theirs)).toBeLessThan(100_200)
  expect(await it.redis.xlen(theirs)).toBeGreaterThanOrEqual(100_000)
  expect((await it.store.events.page({ audit: true, first: 200 })).events[0]?.target).toBe('c')
  const ours = (await world.logs()).find((log) => log.includes('{*a')) ?? ''
  expect(await it.redis.xlen(ours)).toBe(2)
})

test('64 keys have lanes of their own, later ones share one, so that new keys make no more streams', async () => {
  for (let i = 0; i < 67; i++) {
    await it.store.audit.record(act('x', { kind: 'api-key', id: String(i).padStart(12, '0') } as never))
  }
  expect(await world.logs()).toHaveLength(65)
  expect(await it.redis.xlen('ea:audit:{*k}:log')).toBe(3)
})

test('tenants use up no lane of an admin key; all keys of one share its lane, and later tenants share one', async () => {
  for (let i = 0; i < 67; i++) await it.store.audit.record(await actOfTenant(`tenant-${i}`))
  await it.store.audit.record(await actOfTenant('tenant-0'))
  expect(await world.logs()).toHaveLength(65)
  expect(await it.redis.xlen('ea:audit:{*t}:log')).toBe(3)
  await it.store.audit.record(act('x', thief))
  expect((await world.logs()).filter((log) => /\{\*k./.test(log))).toHaveLength(1)
  const { events } = await it.store.events.page({ audit: true, first: 100 })
  expect(events).toHaveLength(69)
  expect(await world.faultFinding()).toBeUndefined()
})

test('entries, head and list of lanes are kept for 400 days; older entries go', async () => {
  await world.record('x')
  for (const key of [...(await it.redis.keys('ea:audit:{*')), 'ea:audit:lanes']) {
    const days = (await it.redis.pttl(key)) / DAY_MS
    expect(days, key).toBeGreaterThan(399)
    expect(days, key).toBeLessThanOrEqual(400)
  }
  const log = await world.onlyLog()
  const [only] = await world.entries()
  await it.redis.del(log)
  await it.redis.xadd(log, `${Date.now() - 401 * DAY_MS}-0`, ...(only?.[1] ?? []))
  await it.redis.xadd(log, `${Date.now() - 399 * DAY_MS}-0`, ...(only?.[1] ?? []))
  await world.record('y')
  expect(await world.entries()).toHaveLength(2)
})

test('about 100,000 acts of a lane are kept', async () => {
  await world.record('first')
  const log = await world.onlyLog()
  const copy = `local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][2]
    for i = 1, tonumber(ARGV[1]) do redis.call('XADD', KEYS[1], '*', unpack(newest)) end`
  for (let made = 0; made < 100_500; made += 1500) await it.redis.eval(copy, 1, log, 1500)
  await world.record('next')
  const kept = await it.redis.xlen(log)
  expect(kept).toBeGreaterThanOrEqual(100_000)
  expect(kept).toBeLessThan(100_400)
})
