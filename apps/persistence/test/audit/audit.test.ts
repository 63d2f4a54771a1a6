import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { expect, test } from 'vitest'
import { createAudit, type NumberedAct } from '../../src/audit/audit.ts'
import { findChainFault } from '../../src/audit/audit-chain.ts'
import { HOUR_MS } from '../events/recorded-events.ts'
import type { TestStore } from '../store.ts'
import { type AuditWorld, act, auditWorldForTests } from './audit-world.ts'

let it: TestStore
let world: AuditWorld
auditWorldForTests((opened) => {
  world = opened
  it = opened.it
})

/** More than the attempts of one act. */
const PARALLEL_ACTS = 250
const laneKey = randomBytes(32)
const tenantOfKey = async () => undefined
const actorEnds = { keyHasEnded: async () => false, sessionHasEnded: async () => false }

/** Rewrites the log, like somebody who can write to Redis. */
async function rewrite(change: (fields: (string | Buffer)[], at: number) => (string | Buffer)[] | undefined) {
  const log = await world.onlyLog()
  const before = await world.entries()
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
    actorEnds,
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
  expect(await world.entries()).toHaveLength(recorded)
  expect(await findChainFault(it.redis, ring)).toBeUndefined()
  expect(await world.faultFinding()).toBeUndefined()
})

test('acts at once are added together, in their order, at most 64 in one step', async () => {
  const commands = await it.redis.info('commandstats')
  const appends = (stats: string) => Number(/cmdstat_xrevrange:calls=(\d+)/.exec(stats)?.[1] ?? 0)
  const before = appends(commands)
  const targets = Array.from({ length: 200 }, (_, i) => `t${i}`)
  await Promise.all(targets.map((target) => it.store.audit.record(act(target))))
  // Each step reads the newest entry, and reads it again as it writes.
  const steps = (appends(await it.redis.info('commandstats')) - before) / 2
  expect(steps).toBeGreaterThanOrEqual(4)
  expect(steps).toBeLessThan(20)
  const entries = await world.entries()
  expect(entries.map(([, fields]) => String(fields[5]))).toEqual(targets)
  expect(await world.faultFinding()).toBeUndefined()
})

test.each([
  ['another target', 5, 'eve'],
  ['another type', 1, 'tenant.deleted'],
  ['another tenant', 3, 'other'],
  ['another number', 9, '7'],
])('%s in an entry is noticed by doctor, and the entry names nobody', async (_name, field, value) => {
  for (const target of ['a', 'b', 'c']) await world.record(target)
  await rewrite((fields, at) => (at === 1 ? fields.with(field, value) : fields))
  expect((await world.faultFinding())?.level).toBe('fail')
  const { events } = await it.store.events.page({ audit: true, first: 10 })
  expect(events.filter(({ actor }) => actor === null)).toHaveLength(1)
})

test('an entry taken out, one put in twice, and two exchanged are noticed', async () => {
  for (const target of ['a', 'b', 'c', 'd']) await world.record(target)
  await rewrite((fields, at) => (at === 1 ? undefined : fields))
  expect((await world.faultFinding())?.detail).toMatch(/missing/)
  await it.redis.del(...(await it.redis.keys('ea:audit:*')))
  for (const target of ['a', 'b', 'c']) await world.record(target)
  const all = (await world.entries()).map(([, fields]) => fields)
  await rewrite((_, at) => all[[0, 2, 1][at] ?? 0])
  expect(await world.faultFinding()).toBeDefined()
})

test('who hides an entry behind a key that is not known is noticed too', async () => {
  for (const target of ['a', 'b', 'c']) await world.record(target)
  await rewrite((fields, at) => {
    if (at !== 1) return fields
    const sealed = Buffer.from(fields[7] as Buffer)
    sealed.write('none', 1)
    return fields.with(7, sealed)
  })
  expect(await world.faultFinding()).toBeDefined()
})

test('after a rotation the chain goes on, and what an older key has written stays proved', async () => {
  const common = { redis: it.redis, laneKey, tenantOfKey, actorEnds }
  const before = createAudit({ ...common, ring: createKeyRing([it.secret]) })
  await before.record(act('old'))
  const rotated = createKeyRing([randomBytes(32), it.secret])
  await createAudit({ ...common, ring: rotated }).record(act('new'))
  expect(await world.entries()).toHaveLength(2)
  expect(await findChainFault(it.redis, rotated)).toBeUndefined()
  const alone = createKeyRing([randomBytes(32)])
  expect(await findChainFault(it.redis, alone)).toBeUndefined()
})

test('a cut at the end, a whole stream that is gone, and a head that is gone are noticed', async () => {
  for (const target of ['a', 'b', 'c']) await world.record(target)
  const log = await world.onlyLog()
  const head = log.replace(/log$/, 'head')
  const kept = (await it.redis.get(head)) ?? ''
  await it.redis.del(head)
  expect((await world.faultFinding())?.detail).toMatch(/newest/)
  await it.redis.set(head, kept, 'PX', HOUR_MS)
  expect(await world.faultFinding()).toBeUndefined()
  const [last] = await it.redis.xrevrange(log, '+', '-', 'COUNT', 1)
  await it.redis.xdel(log, last?.[0] ?? '')
  expect((await world.faultFinding())?.detail).toMatch(/newest/)
  const [earlier] = await it.redis.xrevrange(log, '+', '-', 'COUNT', 1)
  // Somebody who knows the format but no key writes a head for the remaining entries.
  await it.redis.set(head, `2 ${earlier?.[1].at(-1)} ${kept.split(' ').slice(2).join(' ')}`, 'PX', HOUR_MS)
  expect((await world.faultFinding())?.detail).toMatch(/newest/)
  await it.redis.del(log)
  expect((await world.faultFinding())?.detail).toMatch(/newest/)
})

test('the chain is checked to its oldest entry', async () => {
  const actors = Array.from({ length: 2 }, (_, i) => ({ kind: 'admin', id: `${i}@example.com` }) as const)
  for (let i = 0; i < 1100; i++) await it.store.audit.record(act('x', actors[Math.floor(i / 550)] as never))
  expect(await world.faultFinding()).toBeUndefined()
  for (const log of await world.logs()) {
    const [[id = '', fields = []] = []] = await it.redis.xrangeBuffer(log, '-', '+', 'COUNT', 1)
    const rest = await it.redis.xrangeBuffer(log, '-', '+')
    await it.redis.del(log)
    await it.redis.xadd(log, id, ...fields.with(5, Buffer.from('eve')))
    for (const [at, kept] of rest.slice(1)) await it.redis.xadd(log, at, ...kept)
    expect((await world.faultFinding())?.detail).toContain(String(id))
    break
  }
})
