import { namedMissesPerHour } from '@emailauth/contracts/number-policy'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyPrefix } from '../../src/store/keys.ts'
import { limited, outcome, register, verify, WRONG } from '../calls.ts'
import { SERVERS } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

const BAD_NUMBER = '0'.repeat(15)

describe.each(SERVERS)('budgets of wrong numbers on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  const eventsOf = async (tenantId: string) =>
    (await it.store.events.page({ tenantId, audit: false, types: ['misses.high'], first: 100 })).events

  test('using half of the miss budget is recorded once; calls with identityId or email still work', async () => {
    const tenant = it.tenant({ missBudgetPerHour: 10 })
    const [ada, bob] = [
      await register(it.store, tenant),
      await register(it.store, tenant, { email: 'bob@example.com' }),
    ]
    for (let i = 0; i < 4; i++) await verify(it.store, tenant, BAD_NUMBER)
    expect(await eventsOf(tenant.id)).toEqual([])
    for (let i = 0; i < 20; i++) await verify(it.store, tenant, BAD_NUMBER)
    expect(await eventsOf(tenant.id)).toMatchObject([{ tenantId: tenant.id, identityId: null, email: null }])
    const ttlMs = await it.redis.pttl(`${keyPrefix(tenant.id, 0)}o:misses.high`)
    expect(ttlMs).toBeGreaterThan(3_500_000)
    expect(ttlMs).toBeLessThanOrEqual(3_600_000)
    expect(await verify(it.store, tenant, ada.number)).toMatchObject(limited('miss-budget', 3600))
    expect(await verify(it.store, tenant, BAD_NUMBER, { identityId: ada.identityId })).toEqual(WRONG)
    expect(await verify(it.store, tenant, ada.number, { identityId: ada.identityId })).toHaveProperty(
      'verification',
    )
    expect(await verify(it.store, tenant, bob.number, { email: bob.email })).toHaveProperty('verification')
  })

  test('wrong numbers that name an identity leave the budget of those by number alone whole', async () => {
    const tenant = it.tenant({ missBudgetPerHour: 10 })
    const { number } = await register(it.store, tenant)
    const bob = await register(it.store, tenant, { email: 'bob@example.com' })
    for (let i = 0; i < 10; i++) await verify(it.store, tenant, BAD_NUMBER, { identityId: bob.identityId })
    for (let i = 0; i < 30; i++)
      await verify(it.store, tenant, BAD_NUMBER, { email: `nobody${i}@example.com` })
    expect(await verify(it.store, tenant, number)).toHaveProperty('verification')
    // With such a small budget eleven misses burn an identity.
    expect(await verify(it.store, tenant, BAD_NUMBER, { identityId: bob.identityId })).toEqual(WRONG)
    expect(await verify(it.store, tenant, bob.number, { identityId: bob.identityId })).toEqual(WRONG)
  })

  test('BOUND: who sprays many addresses meets the budget, who has the identityId does not; nobody costs nothing', async () => {
    const tenant = it.tenant({ verification: 'BOUND', missBudgetPerHour: 12 })
    const people = await Promise.all(
      Array.from({ length: 5 }, (_, i) => register(it.store, tenant, { email: `u${i}@example.com` })),
    )
    const wrong = (number: string) => (number === '00000000' ? '00000001' : '00000000')
    for (let i = 0; i < 40; i++)
      await verify(it.store, tenant, '00000000', { email: `nobody${i}@example.com` })
    const sprayed = await Promise.all(
      people.flatMap(({ email, number }) =>
        Array.from({ length: 4 }, () => outcome(verify(it.store, tenant, wrong(number), { email }))),
      ),
    )
    expect(sprayed.filter((code) => code === 'wrong-credentials')).toHaveLength(12)
    expect(sprayed.filter((code) => code === 'rate-limited')).toHaveLength(8)
    expect(await eventsOf(tenant.id)).toHaveLength(1)
    const [first, second] = people
    if (first === undefined || second === undefined) throw new Error('Nobody was registered.')
    expect(await verify(it.store, tenant, first.number, { email: first.email })).toEqual(
      limited('miss-budget', 3600),
    )
    const own = { identityId: second.identityId, email: second.email }
    expect(await verify(it.store, tenant, wrong(second.number), own)).toEqual(WRONG)
    expect(await verify(it.store, tenant, first.number, { identityId: first.identityId })).toHaveProperty(
      'verification',
    )
    it.clock.ms += 3_600_000
    const late = await register(it.store, tenant, { email: 'late@example.com' })
    expect(await verify(it.store, tenant, late.number, { email: late.email })).toHaveProperty('verification')
  })

  test('a number of a time when the tenant was BOUND opens nothing alone', async () => {
    const bound = it.tenant({ verification: 'BOUND' })
    const { number, identityId } = await register(it.store, bound)
    const now = { ...bound, settings: { ...bound.settings, verification: 'NUMBER' as const } }
    expect(await verify(it.store, now, number)).toEqual(WRONG)
    expect(await verify(it.store, now, number, { identityId })).toHaveProperty('verification')
  })
})

describe('the budget of wrong numbers that name an identity', () => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore('redis-server')
  })
  afterAll(() => it?.close())

  test('in an hour the tenant lets through as many as the formula counts with, for any identity that is named', async () => {
    const tenant = it.tenant({ missBudgetPerHour: 10 })
    const most = namedMissesPerHour(tenant.settings)
    expect(most).toBe(10_000)
    let through = 0
    for (let group = 0; group < 10; group++) {
      const people = await Promise.all(
        Array.from({ length: 95 }, (_, i) =>
          register(it.store, tenant, { email: `u${group}-${i}@example.com` }),
        ),
      )
      const misses = people.flatMap(({ identityId }) =>
        Array.from({ length: 11 }, () => outcome(verify(it.store, tenant, BAD_NUMBER, { identityId }))),
      )
      const codes = await Promise.all(misses)
      through += codes.filter((code) => code === 'wrong-credentials').length
      it.clock.ms += 60_000
    }
    expect(through).toBe(most)
    const last = await register(it.store, tenant)
    const named = () => verify(it.store, tenant, last.number, { identityId: last.identityId })
    expect(await named()).toMatchObject({ problem: { code: 'rate-limited', limit: 'miss-budget' } })
    expect(await outcome(verify(it.store, tenant, BAD_NUMBER))).toBe('wrong-credentials')
    it.clock.ms += 3_060_000
    expect(await outcome(named())).toBe('verified')
  })
})
