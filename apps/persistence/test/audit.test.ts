import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { diagnose } from '../src/diagnostics/diagnose.ts'
import { createAudit, type NumberedAct } from '../src/events/audit.ts'
import { findChainFault } from '../src/events/audit-chain.ts'
import { openTestStore, type TestStore } from './store.ts'

let it: TestStore
beforeAll(async () => {
  it = await openTestStore('redis-server')
})
beforeEach(() => it.redis.del('ea:audit'))
afterAll(() => it?.close())

const thief = { kind: 'api-key', id: 'a'.repeat(12) } as const
const ada = { kind: 'admin', id: 'ada@example.com' } as const
const act = (target: string, actor: typeof thief | typeof ada = ada) =>
  ({ type: 'tenant.updated', actor, tenantId: 'demo', target }) as const
const record = (target: string) => it.store.audit.record(act(target))
const faultFinding = async () => (await diagnose(it.store)).find(({ code }) => code === 'audit-altered')
const entries = () => it.redis.xrangeBuffer('ea:audit', '-', '+')

/** Writes the log anew, as who can write to Redis might. */
async function rewrite(change: (fields: (string | Buffer)[], at: number) => (string | Buffer)[] | undefined) {
  const before = await entries()
  await it.redis.del('ea:audit')
  for (const [at, [id, fields]] of before.entries()) {
    const after = change([...fields], at)
    if (after !== undefined) await it.redis.xadd('ea:audit', id, ...after)
  }
}

test('acts at once stand in one unbroken chain, and each is told once with its number', async () => {
  const told: NumberedAct[] = []
  const ring = createKeyRing([it.secret])
  const audit = createAudit({ redis: it.redis, ring, onAct: (numbered) => told.push(numbered) })
  await Promise.all(Array.from({ length: 12 }, (_, i) => audit.record(act(`t${i}`))))
  expect(told.map(({ entry }) => entry).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 12 }, (_, i) => i + 1),
  )
  expect(await entries()).toHaveLength(12)
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
  await it.redis.del('ea:audit')
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
  await record('old')
  const rotated = createKeyRing([randomBytes(32), it.secret])
  await createAudit({ redis: it.redis, ring: rotated }).record(act('new'))
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
  for (const key of await it.redis.keys('ea:audit:*')) {
    const leftMs = await it.redis.pttl(key)
    expect(leftMs).toBeGreaterThan(3_000_000)
    expect(leftMs).toBeLessThanOrEqual(86_400_000)
  }
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
