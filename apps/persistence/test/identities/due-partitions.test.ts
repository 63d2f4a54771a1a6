import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSweeper, sweeps } from '../../src/identities/sweeper.ts'
import { createRegister } from '../../src/registration/register.ts'
import { createDuePartitions, DUE_LEASE_MS, type DuePartitions } from '../../src/store/due-partitions.ts'
import { keyPrefix, keys } from '../../src/store/keys.ts'
import { register, verify } from '../calls.ts'
import { eventsOf, HOUR_MS, MINUTE_MS, madeTenant, sweep } from '../events/recorded-events.ts'
import { SERVERS, takesManyCalls } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

describe.each(SERVERS)('partitions that are due, on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())
  beforeEach(() => it.redis.del(keys.due))

  const listed = () => it.redis.zrange(keys.due, '0', '-1', 'WITHSCORES')
  const due = (now = () => it.clock.ms) => createDuePartitions(it.redis, now)
  const at = { tenantId: 'acme', partition: 63 }
  const announce = (dueMs: number) => due().announce(at, dueMs)
  /** What a register has listed; nobody waits for its announcement. */
  const listedSoon = () =>
    eventually(async () => {
      const found = await listed()
      expect(found).not.toEqual([])
      return found
    })

  test('an announced partition is handed out when it is due, once until its lease ends', async () => {
    await announce(it.clock.ms + 1000)
    expect((await due().lease(10)).partitions).toEqual([])
    it.clock.ms += 1000
    const { lease, partitions } = await due().lease(10)
    expect(partitions).toEqual([at])
    expect((await due().lease(10)).partitions).toEqual([])
    it.clock.ms += DUE_LEASE_MS + 1
    expect(DUE_LEASE_MS).toBe(10_000)
    const second = await due().lease(10)
    expect(second.partitions).toEqual([at])
    await due().complete(lease, at, undefined)
    expect(await listed()).toHaveLength(2)
    await due().complete(second.lease, at, undefined)
    expect(await listed()).toEqual([])
  })

  test('a lease tells when the next partition is due, also one that is leased now', async () => {
    expect((await due().lease(10)).nextInMs).toBeUndefined()
    await announce(it.clock.ms + 7000)
    expect((await due().lease(10)).nextInMs).toBe(7000)
    it.clock.ms += 8000
    expect((await due().lease(10)).nextInMs).toBe(DUE_LEASE_MS)
  })

  test('who sweeps rests until a partition is due, and not after it found one', async () => {
    const sweepTask = sweeps(createSweeper(it.store)).find(({ name }) => name === 'sweep')
    const rests: (number | undefined)[] = []
    const round = { signal: AbortSignal.abort(), leased() {}, rest: (ms?: number) => void rests.push(ms) }
    await sweepTask?.run(round)
    await announce(it.clock.ms + 2500)
    await sweepTask?.run(round)
    expect(rests).toEqual([undefined, 2500])
    it.clock.ms += 2500
    await sweepTask?.run(round)
    expect(rests).toHaveLength(2)
  })

  test('the earlier of two announcements counts', async () => {
    await announce(it.clock.ms + 5000)
    await announce(it.clock.ms + 1000)
    await announce(it.clock.ms + 9000)
    expect(await listed()).toEqual(['acme.63', String(it.clock.ms + 1000)])
  })

  test('what is announced while a service works on the partition is not lost when it ends', async () => {
    await announce(it.clock.ms)
    const { lease } = await due().lease(1)
    const later = it.clock.ms + 100_000
    await announce(later)
    await due().complete(lease, at, undefined)
    expect(await listed()).not.toEqual([])
    it.clock.ms += DUE_LEASE_MS
    const again = await due().lease(1)
    expect(again.partitions).toEqual([at])
    await due().complete(again.lease, at, later)
    expect(await listed()).toEqual(['acme.63', String(later)])
  })

  test('the list lives two days after its last change, longer than any number', async () => {
    await announce(it.clock.ms)
    const life = await it.redis.pttl(keys.due)
    expect(life).toBeGreaterThan(47 * HOUR_MS)
    expect(life).toBeLessThanOrEqual(48 * HOUR_MS)
  })

  test('a partition is visited when its next identity expires, and no more when nothing is left', async () => {
    // At the end of an hour, adding up what was counted would come before the second identity's end.
    it.clock.ms = Math.ceil(it.clock.ms / HOUR_MS) * HOUR_MS
    const tenant = await madeTenant(it)
    const short = await register(it.store, tenant, { email: 'a@example.com', expiresInSeconds: 60 })
    await register(it.store, tenant, { email: 'a@example.com', expiresInSeconds: 600 })
    const [name = '', score] = await listedSoon()
    expect(name).toMatch(`${tenant.id}.`)
    const expires = Date.parse(short.expiresAt)
    expect(Number(score)).toBe(Math.floor(expires / 1000) * 1000 + 1000)
    it.clock.ms = Number(score)
    await sweep(it)
    // The one that replaced it is next.
    expect(Number((await listed())[1]) - Number(score)).toBeGreaterThan(530_000)
    it.clock.ms += 600_000
    await sweep(it)
    expect((await eventsOf(it, tenant)).map(({ type }) => type)).toContain('expired')
    // What was counted is added up after the hour, within half an hour. Then the partition is quiet.
    const [, rollUp] = await listed()
    const hourEnds = Math.ceil(it.clock.ms / HOUR_MS) * HOUR_MS
    expect(Number(rollUp)).toBeGreaterThanOrEqual(hourEnds)
    expect(Number(rollUp)).toBeLessThan(hourEnds + 30 * MINUTE_MS)
    it.clock.ms = Number(rollUp)
    await sweep(it)
    expect(await listed()).toEqual([])
  })

  test('an identity that lives for a day needs no visit until then', async () => {
    const tenant = await madeTenant(it)
    await register(it.store, tenant, { expiresInSeconds: 86_400 })
    let visits = 0
    const sweeper = createSweeper(it.store)
    const until = it.clock.ms + 23 * HOUR_MS
    for (let [, score] = await listedSoon(); Number(score) < until; [, score] = await listed()) {
      it.clock.ms = Math.max(it.clock.ms, Number(score))
      visits += (await sweeper.sweepDue()).visited
    }
    // Once for its hour, and for the hours and seconds that have passed since.
    expect(visits).toBeLessThan(20)
  })

  // In a Cluster these identities lie in 64 partitions.
  test.runIf(server !== 'Cluster' && takesManyCalls(server))(
    'with more than 64 live identities the next visit comes in a minute',
    async () => {
      // At the end of an hour, adding up what was counted would come before.
      it.clock.ms = Math.ceil(it.clock.ms / HOUR_MS) * HOUR_MS + 1000
      const tenant = await madeTenant(it)
      const nextVisitIn = async (identities: number) => {
        for (let at = 0; at < identities; at++)
          await register(it.store, tenant, { email: `live-${identities}-${at}@example.com` })
        await createSweeper({ ...it.store, tenants: { ids: async () => [tenant.id] } }).walk(1)
        return Number((await listed())[1]) - it.clock.ms
      }
      expect(await nextVisitIn(64)).toBeGreaterThan(590_000)
      const soon = await nextVisitIn(1)
      expect(soon).toBeGreaterThan(50_000)
      expect(soon).toBeLessThanOrEqual(62_000)
    },
  )

  test('registers announce a partition once, until the sweep has come', async () => {
    const tenant = await madeTenant(it)
    let announced = 0
    const counted: Pick<DuePartitions, 'announce'> = {
      async announce(at, dueMs) {
        announced += 1
        await due().announce(at, dueMs)
      },
    }
    const context = { ...it.store.context, due: counted }
    const store = {
      ...it.store,
      register: createRegister(context, { remember: async () => {} }, it.store.reservations),
    }
    const registered = async () => {
      announced = 0
      await register(store, tenant, { email: 'same@example.com' })
      return announced === 1
    }
    expect(await registered()).toBe(true)
    it.clock.ms += 1000
    expect(await registered()).toBe(false)
    // The sweep may be 10 s late. After that the entry was lost, and the next register announces it again.
    const dueMs = Number((await listedSoon())[1])
    it.clock.ms = dueMs + 9999
    expect(await registered()).toBe(false)
    it.clock.ms = dueMs + 10_000
    expect(await registered()).toBe(true)
  })

  test('the walk finds a partition whose entry was lost', async () => {
    const tenant = await madeTenant(it)
    await register(it.store, tenant)
    await listedSoon()
    await it.redis.del(keys.due)
    const sweeper = createSweeper({ ...it.store, tenants: { ids: async () => [tenant.id] } })
    await sweeper.walk(1)
    expect((await listed())[0]).toMatch(`${tenant.id}.`)
  })

  test('the walk runs no rule in a partition where nothing is left to do', async () => {
    // The rule would change this.
    const due = `${keyPrefix('empty', 0)}due`
    await it.redis.set(due, '1', 'PX', 60_000)
    await createSweeper({ ...it.store, tenants: { ids: async () => ['empty'] } }).walk(1)
    expect(await it.redis.get(due)).toBe('1')
    await it.redis.set(`${keyPrefix('empty', 0)}swept`, '1', 'PX', 60_000)
    await createSweeper({ ...it.store, tenants: { ids: async () => ['empty'] } }).walk(1)
    expect(await it.redis.get(due)).not.toBe('1')
  })

  test('the walk comes to every tenant in turn', async () => {
    const visited = new Set<string>()
    const ids = ['a', 'b', 'c', 'd', 'e']
    for (const id of ids) await it.redis.set(`${keyPrefix(id, 0)}rolled`, '0', 'PX', 60_000)
    const sweeper = createSweeper({ ...it.store, tenants: { ids: async () => ids } })
    for (let step = 0; step < 4; step++) {
      await sweeper.walk(3)
      for (const name of await it.redis.zrange(keys.due, '0', '-1')) visited.add(name.split('.')[0] ?? '')
    }
    expect([...visited].sort()).toEqual(ids)
  })

  test('a verified identity leaves nothing to visit but its hour', async () => {
    const tenant = await madeTenant(it)
    const { number } = await register(it.store, tenant)
    await verify(it.store, tenant, number)
    await listedSoon()
    it.clock.ms += 700_000
    await sweep(it)
    expect((await eventsOf(it, tenant)).map(({ type }) => type)).toEqual(['registered', 'verified'])
  })
})

test('what Redis did not take is announced again, up to 10,000 partitions', async () => {
  const it = await openTestStore('redis-server')
  try {
    const due = createDuePartitions(it.redis)
    it.redis.disconnect()
    await eventually(() => expect(it.redis.status).toBe('end'))
    const partitions = Array.from({ length: 10_001 }, (_, at) => ({ tenantId: `t${at}`, partition: 0 }))
    await Promise.all(partitions.map((at) => due.announce(at, 1000)))
    await it.redis.connect()
    expect(await it.redis.zcard(keys.due)).toBe(0)
    await due.announceAgain()
    expect(await it.redis.zcard(keys.due)).toBe(10_000)
    expect(await it.redis.zscore(keys.due, 't0.0')).toBe('1000')
  } finally {
    await it.close()
  }
})
