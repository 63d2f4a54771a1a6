import { randomUUID } from 'node:crypto'
import type { Event } from '@emailauth/contracts/events'
import type { Tenant } from '@emailauth/contracts/tenants'
import { createLogger } from '@emailauth/service/logger'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSweeper } from '../src/identities/sweeper.ts'
import { startTenantDeletion } from '../src/tenants/delete-tenants.ts'
import { register, verify } from './calls.ts'
import { SERVERS } from './servers.ts'
import { openTestStore, type TestStore } from './store.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

describe.each(SERVERS)('events on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  const madeTenant = async (settings: Partial<Tenant['settings']> = {}): Promise<Tenant> => {
    const created = await it.store.tenants.create({
      id: `t${randomUUID().slice(0, 8)}`,
      name: 'x',
      settings: { mailsPerAddress: [{ max: 1000, windowSeconds: 1 }], ...settings },
    })
    if (!('tenant' in created)) throw new Error('The tenant was not made.')
    return created.tenant
  }
  const eventsOf = async (tenant: Tenant) =>
    (await it.store.events.page({ tenantId: tenant.id, audit: false, first: 200 })).events.reverse()
  const told = (events: readonly Event[]) => events.map(({ type, identityId }) => [type, identityId])
  /** What was counted since `fromMs`, in the order of the alphabet. */
  const counted = async (
    tenant: Tenant,
    step: 'minute' | 'hour' | 'day' = 'minute',
    fromMs = it.clock.ms,
  ) => {
    const from = new Date(fromMs).toISOString()
    const { buckets } = await it.store.readStatistics({ tenantId: tenant.id, from, step })
    const sums: Record<string, number> = {}
    for (const { counts, waits } of buckets) {
      for (const [kind, count] of Object.entries(counts)) sums[kind] = (sums[kind] ?? 0) + count
      for (const [slot, count] of waits.entries()) if (count > 0) sums[`wait ${slot}`] = count
    }
    return sums
  }
  const sweep = async () => {
    const sweeper = startSweeper(it.store.space, it.store.tenants, createLogger('test', 'silent'))
    await sweeper.sweep().finally(sweeper.stop)
  }

  test('each act is told once and counted once, whoever repeats a call', async () => {
    const tenant = await madeTenant({ verification: 'BOUND', boundTries: 2 })
    const requestId = randomUUID()
    const first = await register(it.store, tenant, { requestId })
    await register(it.store, tenant, { requestId })
    const second = await register(it.store, tenant)
    await it.store.resend(tenant, { tenantId: tenant.id, requestId: 'r', identityId: second.identityId })
    await it.store.resend(tenant, { tenantId: tenant.id, requestId: 'r', identityId: second.identityId })
    const bound = { email: 'ada@example.com', requestId: randomUUID() }
    it.clock.ms += 25_000
    await verify(it.store, tenant, '1234', { email: 'ada@example.com', requestId: 'wrong' })
    await verify(it.store, tenant, '1234', { email: 'ada@example.com', requestId: 'wrong' })
    await verify(it.store, tenant, second.number, bound)
    await verify(it.store, tenant, second.number, bound)
    const burned = await register(it.store, tenant)
    for (let i = 0; i < 2; i++) await verify(it.store, tenant, '1234', { identityId: burned.identityId })
    const revoked = await register(it.store, tenant)
    await it.store.identities.revoke(revoked.identityId, { actor: { kind: 'api-key', id: 'abc' } })
    const refused = await register(it.store, tenant)
    await it.store.identities.refuse(refused.identityId)

    const events = await eventsOf(tenant)
    expect(told(events)).toEqual([
      ['registered', first.identityId],
      ['replaced', first.identityId],
      ['registered', second.identityId],
      ['resent', second.identityId],
      ['missed', second.identityId],
      ['verified', second.identityId],
      ['registered', burned.identityId],
      ['missed', burned.identityId],
      ['missed', burned.identityId],
      ['burned', burned.identityId],
      ['registered', revoked.identityId],
      ['revoked', revoked.identityId],
      ['registered', refused.identityId],
      ['rejected', refused.identityId],
    ])
    expect(events[0]?.email).toBe('ada@example.com')
    expect(events[11]?.actor).toEqual({ kind: 'api-key', id: 'abc' })
    expect(await counted(tenant, 'minute', it.clock.ms - MINUTE_MS)).toEqual({
      registered: 5,
      replaced: 1,
      resent: 1,
      missed: 3,
      verified: 1,
      burned: 1,
      revoked: 1,
      rejected: 1,
      'wait 3': 1,
    })
  })

  test('what a limit refuses is counted and not told', async () => {
    const tenant = await madeTenant({ mailsPerAddress: [{ max: 1, windowSeconds: 600 }] })
    await register(it.store, tenant)
    await expect(register(it.store, tenant)).rejects.toThrow('rate-limited')
    expect((await eventsOf(tenant)).map(({ type }) => type)).toEqual(['registered'])
    expect(await counted(tenant)).toEqual({ registered: 1, limited: 1 })
  })

  test('how a mail fared is told once, and again after a resend; it does not touch the tries', async () => {
    const tenant = await madeTenant({ verification: 'BOUND', boundTries: 2 })
    const { identityId, number } = await register(it.store, tenant)
    const sent = { type: 'sent', identityId } as const
    await it.store.reportDeliveries([sent, sent])
    await it.store.reportDeliveries([
      sent,
      { type: 'sent', identityId: `nobody.${identityId.split('.')[1]}` },
    ])
    await verify(it.store, tenant, '1234', { identityId })
    await it.store.resend(tenant, { tenantId: tenant.id, requestId: 'r', identityId })
    await it.store.reportDeliveries([{ type: 'deferred', identityId }])
    expect(await verify(it.store, tenant, number, { identityId })).toHaveProperty('verification')
    expect((await eventsOf(tenant)).map(({ type }) => type)).toEqual([
      'registered',
      'sent',
      'missed',
      'resent',
      'deferred',
      'verified',
    ])
    expect(await it.store.events.page({ tenantId: 'nobody', audit: false, first: 1 })).toMatchObject({
      events: [],
    })
  })

  test('an expired identity is told once, however many sweep', async () => {
    const tenant = await madeTenant()
    const { identityId } = await register(it.store, tenant, { expiresInSeconds: 60 })
    it.clock.ms += 63_000
    await Promise.all([sweep(), sweep(), sweep()])
    await register(it.store, tenant)
    expect(told(await eventsOf(tenant)).filter(([type]) => type === 'expired')).toEqual([
      ['expired', identityId],
    ])
  })

  test('pages run through everything once in both directions, over partitions and tenants', async () => {
    const tenants = [await madeTenant(), await madeTenant()]
    for (let i = 0; i < 30; i++)
      await register(it.store, tenants[i % 2] as Tenant, { email: `u${i}@example.com` })
    const walk = async (tenantId: string | undefined, backwards: boolean) => {
      const seen: string[] = []
      let cursor: string | undefined = backwards ? undefined : '0'
      for (;;) {
        const place = backwards ? { before: cursor } : { after: cursor }
        const types = ['registered'] as const
        const page = await it.store.events.page({
          tenantId,
          audit: true,
          first: 7,
          types: [...types],
          ...place,
        })
        seen.push(...page.events.map((event) => event.cursor))
        if (!page.hasMore) return seen
        cursor = page.endCursor ?? undefined
      }
    }
    const tenantId = tenants[0]?.id
    const back = await walk(tenantId, true)
    expect(back).toHaveLength(15)
    expect(back).toEqual([...new Set(back)].sort().reverse())
    // On a Cluster what is new is held back for a moment, until nothing older can come in.
    await eventually(async () => expect(await walk(tenantId, false)).toEqual([...back].reverse()))
    const all = await walk(undefined, true)
    expect(new Set(all).size).toBe(all.length)
    expect(all.length).toBeGreaterThanOrEqual(30)
  })

  test('who follows gets what was and what comes, in order, once', async () => {
    const tenant = await madeTenant()
    const before = await register(it.store, tenant, { email: 'first@example.com' })
    const gone = new AbortController()
    const filter = { tenantId: tenant.id, audit: false }
    const seen: Event[] = []
    const following = (async () => {
      for await (const batch of it.store.events.follow(filter, '0', gone.signal)) {
        seen.push(...batch)
        if (seen.length >= 11) return
      }
    })()
    const after = []
    for (let i = 0; i < 10; i++) after.push(await register(it.store, tenant, { email: `u${i}@example.com` }))
    await following
    gone.abort()
    const ids = seen.map(({ identityId }) => identityId)
    expect(new Set(ids)).toEqual(new Set([before, ...after].map(({ identityId }) => identityId)))
    expect(ids).toHaveLength(11)
    const cursors = seen.map(({ cursor }) => cursor)
    expect(cursors).toEqual([...cursors].sort())
  })

  test('a deleted tenant leaves nothing, in any partition', async () => {
    const tenant = await madeTenant()
    for (let i = 0; i < 20; i++) await register(it.store, tenant, { email: `u${i}@example.com` })
    await it.store.tenants.remove(tenant.id)
    const logger = createLogger('test', 'silent')
    const deletion = startTenantDeletion({ ...it.store, redis: it.redis, logger })
    await eventually(async () => expect(await deletion.work()).toEqual([tenant.id])).finally(deletion.stop)
    expect(await it.store.tenants.get(tenant.id)).toBeUndefined()
    expect(await eventsOf(tenant)).toEqual([])
    const page = await it.store.identities.list({ tenantIds: [tenant.id], first: 10 })
    expect(page).toEqual({ items: [], hasNextPage: false, totalCount: 0 })
  })

  test('hours and days are summed up once, and tell the same before and after', async () => {
    const tenant = await madeTenant()
    it.clock.ms = Math.ceil(it.clock.ms / HOUR_MS) * HOUR_MS + 30 * MINUTE_MS
    const began = it.clock.ms
    for (let i = 0; i < 3; i++) {
      const { number } = await register(it.store, tenant, { email: `u${i}@example.com` })
      it.clock.ms += 7 * MINUTE_MS
      if (i < 2) await verify(it.store, tenant, number)
    }
    const expected = { registered: 3, verified: 2, 'wait 7': 2 }
    expect(await counted(tenant, 'hour', began)).toEqual(expected)
    it.clock.ms += 3 * HOUR_MS
    await Promise.all([sweep(), sweep(), sweep()])
    await sweep()
    for (const step of ['hour', 'day'] as const)
      expect(await counted(tenant, step, began)).toEqual({ ...expected, expired: 1 })
  })
})

describe('the stream of a tenant', () => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore('redis-server')
  })
  afterAll(() => it?.close())

  test('keeps about ten thousand events, and every key of it expires', async () => {
    const tenant = it.tenant({ missBudgetPerHour: 100_000 })
    for (let batch = 0; batch < 21; batch++) {
      await Promise.all(Array.from({ length: 500 }, () => verify(it.store, tenant, '9'.repeat(15))))
    }
    const key = `ea:{${tenant.id}:00}:events`
    const length = await it.redis.xlen(key)
    expect(length).toBeGreaterThanOrEqual(10_000)
    expect(length).toBeLessThan(10_200)
    for (const name of await it.redis.keys(`ea:{${tenant.id}:*`)) {
      expect(await it.redis.pttl(name), name).not.toBe(-1)
    }
  })

  test('neither address nor actor can be read in Redis', async () => {
    const tenant = it.tenant()
    const email = `planted-${randomUUID()}@example.com`
    const { identityId } = await register(it.store, tenant, { email })
    await it.store.identities.revoke(identityId, { actor: { kind: 'admin', id: email } })
    await it.store.audit.record({
      type: 'identity.revoked',
      actor: { kind: 'admin', id: email },
      tenantId: tenant.id,
      target: identityId,
    })
    for (const name of await it.redis.keysBuffer('*')) {
      expect((await it.redis.dumpBuffer(name))?.includes(email), String(name)).toBe(false)
    }
    const { events } = await it.store.events.page({ tenantId: tenant.id, audit: true, first: 9 })
    expect(events.filter(({ type }) => type === 'identity.revoked')).toMatchObject([
      { type: 'identity.revoked', actor: { kind: 'admin', id: email }, target: identityId },
    ])
  })
})
