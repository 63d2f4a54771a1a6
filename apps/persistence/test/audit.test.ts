import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAudit, type NumberedAct } from '../src/audit/audit.ts'
import { findChainFault } from '../src/audit/audit-chain.ts'
import { diagnose } from '../src/diagnostics/diagnose.ts'
import { HOUR_MS } from './recorded-events.ts'
import { openTestStore, type TestStore } from './store.ts'

let it: TestStore
beforeAll(async () => {
  it = await openTestStore('redis-server')
})
beforeEach(async () => {
  const found = await it.redis.keys('ea:audit:*')
  if (found.length > 0) await it.redis.del(...found)
})
afterAll(() => it?.close())

const DAY_MS = 24 * HOUR_MS
/** More than the attempts of one act. */
const PARALLEL_ACTS = 250
const thief = { kind: 'api-key', id: 'a'.repeat(12) } as const
const ada = { kind: 'admin', id: 'ada@example.com' } as const
const act = (target: string, actor: typeof thief | typeof ada = ada) =>
  ({ type: 'tenant.updated', actor, tenantId: 'demo', target }) as const
const record = (target: string) => it.store.audit.record(act(target))
const faultFinding = async () => (await diagnose(it.store)).find(({ code }) => code === 'audit-altered')
/** The lanes of the log with at least one entry. */
const logs = async () => (await it.redis.keys('ea:audit:*:log')).sort()
const onlyLog = async () => {
  const [log = '', ...others] = await logs()
  expect(others).toEqual([])
  return log
}
const entries = async () => it.redis.xrangeBuffer(await onlyLog(), '-', '+')
const laneKey = randomBytes(32)
const tenantOfKey = async () => undefined

/** Waits for Redis's next millisecond, because entries of several lanes have no order within one. */
async function nextMillisecond() {
  const nowMs = async () => {
    const [seconds, micros] = await it.redis.time()
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
  }
  const before = await nowMs()
  await eventually(async () => expect(await nowMs()).toBeGreaterThan(before))
}

/** Rewrites the log, like somebody who can write to Redis. */
async function rewrite(change: (fields: (string | Buffer)[], at: number) => (string | Buffer)[] | undefined) {
  const log = await onlyLog()
  const before = await entries()
  await it.redis.del(log)
  for (const [at, [id, fields]] of before.entries()) {
    const after = change([...fields], at)
    if (after !== undefined) await it.redis.xadd(log, id, ...after)
  }
}

test('parallel acts form one unbroken chain, and each is reported once with its number', async () => {
  const reported: NumberedAct[] = []
  const ring = createKeyRing([it.secret])
  const audit = createAudit({
    redis: it.redis,
    ring,
    laneKey,
    tenantOfKey,
    onAct: (act) => reported.push(act),
  })
  const acts = await Promise.allSettled(
    Array.from({ length: PARALLEL_ACTS }, (_, i) => audit.record(act(`t${i}`))),
  )
  const recorded = acts.filter(({ status }) => status === 'fulfilled').length
  // On a busy machine the last ones may have waited too long; they are refused, and leave no gap.
  for (const refused of acts.filter((ended) => ended.status === 'rejected'))
    expect(refused.reason).toMatchObject({ problem: { code: 'unavailable' } })
  expect(recorded).toBeGreaterThan(0)
  expect(reported.map(({ entry }) => entry)).toEqual(Array.from({ length: recorded }, (_, i) => i + 1))
  expect(await entries()).toHaveLength(recorded)
  expect(await findChainFault(it.redis, ring)).toBeUndefined()
  expect(await faultFinding()).toBeUndefined()
})

test.each([
  ['another target', 5, 'eve'],
  ['another type', 1, 'tenant.deleted'],
  ['another tenant', 3, 'other'],
  ['another number', 9, '7'],
])('%s in an entry is noticed by doctor, and the entry names nobody', async (_name, field, value) => {
  for (const target of ['a', 'b', 'c']) await record(target)
  await rewrite((fields, at) => (at === 1 ? fields.with(field, value) : fields))
  expect((await faultFinding())?.level).toBe('fail')
  const { events } = await it.store.events.page({ audit: true, first: 10 })
  expect(events.filter(({ actor }) => actor === null)).toHaveLength(1)
})

test('an entry taken out, one put in twice, and two exchanged are noticed', async () => {
  for (const target of ['a', 'b', 'c', 'd']) await record(target)
  await rewrite((fields, at) => (at === 1 ? undefined : fields))
  expect((await faultFinding())?.detail).toMatch(/missing/)
  await it.redis.del(...(await it.redis.keys('ea:audit:*')))
  for (const target of ['a', 'b', 'c']) await record(target)
  const all = (await entries()).map(([, fields]) => fields)
  await rewrite((_, at) => all[[0, 2, 1][at] ?? 0])
  expect(await faultFinding()).toBeDefined()
})

test('who hides an entry behind a key that is not known is noticed too', async () => {
  for (const target of ['a', 'b', 'c']) await record(target)
  await rewrite((fields, at) => {
    if (at !== 1) return fields
    const sealed = Buffer.from(fields[7] as Buffer)
    sealed.write('none', 1)
    return fields.with(7, sealed)
  })
  expect(await faultFinding()).toBeDefined()
})

test('after a rotation the chain goes on, and what an older key has written stays proved', async () => {
  const common = { redis: it.redis, laneKey, tenantOfKey }
  const before = createAudit({ ...common, ring: createKeyRing([it.secret]) })
  await before.record(act('old'))
  const rotated = createKeyRing([randomBytes(32), it.secret])
  await createAudit({ ...common, ring: rotated }).record(act('new'))
  expect(await entries()).toHaveLength(2)
  expect(await findChainFault(it.redis, rotated)).toBeUndefined()
  const alone = createKeyRing([randomBytes(32)])
  expect(await findChainFault(it.redis, alone)).toBeUndefined()
})

test('one key may do 600 things an hour; revoking goes on, and so do others', async () => {
  const mine = { kind: 'api-key', id: 'b'.repeat(12) } as const
  for (let i = 0; i < 600; i++) await it.store.audit.record(act('x', mine))
  await expect(it.store.audit.record(act('x', mine))).rejects.toMatchObject({
    problem: { code: 'rate-limited' },
  })
  expect(await entries()).toHaveLength(600)
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
}, 60_000)

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
  await it.redis.set(rate, '3000', 'PX', HOUR_MS)
  await expect(it.store.audit.record(made)).rejects.toMatchObject({ problem: { code: 'rate-limited' } })
  await record('people go on')
})

test('an actor that fills its lane pushes nobody else out, and the view is one order', async () => {
  await record('first')
  await nextMillisecond()
  for (const target of ['a', 'b']) await it.store.audit.record(act(target, thief))
  await nextMillisecond()
  await record('last')
  expect(await logs()).toHaveLength(2)
  const { events } = await it.store.events.page({ audit: true, first: 10 })
  expect(events.map(({ target }) => target)).toEqual(['last', 'b', 'a', 'first'])
  const theirs = (await logs()).find((log) => log.includes('{*k')) ?? ''
  const [newest] = await it.redis.xrevrange(theirs, '+', '-', 'COUNT', 1)
  // The same as in a full lane, which has 100,000 entries of one actor.
  for (let i = 0; i < 101_000; i += 1000) {
    const filling = it.redis.pipeline()
    for (let j = 0; j < 1000; j++) filling.xadd(theirs, '*', ...(newest?.[1] ?? []))
    await filling.exec()
  }
  await it.store.audit.record(act('c', thief))
  expect(await it.redis.xlen(theirs)).toBeLessThan(100_200)
  expect(await it.redis.xlen(theirs)).toBeGreaterThanOrEqual(100_000)
  expect((await it.store.events.page({ audit: true, first: 200 })).events[0]?.target).toBe('c')
  const ours = (await logs()).find((log) => log.includes('{*a')) ?? ''
  expect(await it.redis.xlen(ours)).toBe(2)
}, 120_000)

test('64 keys have lanes of their own, later ones share one, so that new keys make no more streams', async () => {
  for (let i = 0; i < 67; i++) {
    await it.store.audit.record(act('x', { kind: 'api-key', id: String(i).padStart(12, '0') } as never))
  }
  expect(await logs()).toHaveLength(65)
  expect(await it.redis.xlen('ea:audit:{*k}:log')).toBe(3)
})

test('tenants use up no lane of an admin key; all keys of one share its lane, and later tenants share one', async () => {
  for (let i = 0; i < 67; i++) await it.store.audit.record(await actOfTenant(`tenant-${i}`))
  await it.store.audit.record(await actOfTenant('tenant-0'))
  expect(await logs()).toHaveLength(65)
  expect(await it.redis.xlen('ea:audit:{*t}:log')).toBe(3)
  await it.store.audit.record(act('x', thief))
  expect((await logs()).filter((log) => /\{\*k./.test(log))).toHaveLength(1)
  const { events } = await it.store.events.page({ audit: true, first: 100 })
  expect(events).toHaveLength(69)
  expect(await faultFinding()).toBeUndefined()
}, 60_000)

test('entries, head and list of lanes are kept for 400 days; older entries go', async () => {
  await record('x')
  for (const key of [...(await it.redis.keys('ea:audit:{*')), 'ea:audit:lanes']) {
    const days = (await it.redis.pttl(key)) / DAY_MS
    expect(days, key).toBeGreaterThan(399)
    expect(days, key).toBeLessThanOrEqual(400)
  }
  const log = await onlyLog()
  const [only] = await entries()
  await it.redis.del(log)
  await it.redis.xadd(log, `${Date.now() - 401 * DAY_MS}-0`, ...(only?.[1] ?? []))
  await it.redis.xadd(log, `${Date.now() - 399 * DAY_MS}-0`, ...(only?.[1] ?? []))
  await record('y')
  expect(await entries()).toHaveLength(2)
})

test('a cut at the end, a whole stream that is gone, and a head that is gone are noticed', async () => {
  for (const target of ['a', 'b', 'c']) await record(target)
  const log = await onlyLog()
  const head = log.replace(/log$/, 'head')
  const kept = (await it.redis.get(head)) ?? ''
  await it.redis.del(head)
  expect((await faultFinding())?.detail).toMatch(/newest/)
  await it.redis.set(head, kept, 'PX', HOUR_MS)
  expect(await faultFinding()).toBeUndefined()
  const [last] = await it.redis.xrevrange(log, '+', '-', 'COUNT', 1)
  await it.redis.xdel(log, last?.[0] ?? '')
  expect((await faultFinding())?.detail).toMatch(/newest/)
  const [earlier] = await it.redis.xrevrange(log, '+', '-', 'COUNT', 1)
  // Somebody who knows the format but no key writes a head for the remaining entries.
  await it.redis.set(head, `2 ${earlier?.[1].at(-1)} ${kept.split(' ').slice(2).join(' ')}`, 'PX', HOUR_MS)
  expect((await faultFinding())?.detail).toMatch(/newest/)
  await it.redis.del(log)
  expect((await faultFinding())?.detail).toMatch(/newest/)
})

test('the chain is checked to its oldest entry', async () => {
  const actors = Array.from({ length: 2 }, (_, i) => ({ kind: 'admin', id: `${i}@example.com` }) as const)
  for (let i = 0; i < 1100; i++) await it.store.audit.record(act('x', actors[Math.floor(i / 550)] as never))
  expect(await faultFinding()).toBeUndefined()
  for (const log of await logs()) {
    const [[id = '', fields = []] = []] = await it.redis.xrangeBuffer(log, '-', '+', 'COUNT', 1)
    const rest = await it.redis.xrangeBuffer(log, '-', '+')
    await it.redis.del(log)
    await it.redis.xadd(log, id, ...fields.with(5, Buffer.from('eve')))
    for (const [at, kept] of rest.slice(1)) await it.redis.xadd(log, at, ...kept)
    expect((await faultFinding())?.detail).toContain(String(id))
    break
  }
}, 60_000)

test('about 100,000 acts of a lane are kept', async () => {
  await record('first')
  const log = await onlyLog()
  const copy = `local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][2]
    for i = 1, tonumber(ARGV[1]) do redis.call('XADD', KEYS[1], '*', unpack(newest)) end`
  for (let made = 0; made < 100_500; made += 1500) await it.redis.eval(copy, 1, log, 1500)
  await record('next')
  const kept = await it.redis.xlen(log)
  expect(kept).toBeGreaterThanOrEqual(100_000)
  expect(kept).toBeLessThan(100_400)
})
