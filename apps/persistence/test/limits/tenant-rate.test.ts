import { DEFAULT_SETTINGS } from '@emailauth/contracts/tenants'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fairShare } from '../../src/limits/rates.ts'
import { keyPrefix } from '../../src/store/keys.ts'
import { limited, register, registration } from '../calls.ts'
import { SERVERS, takesManyCalls } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

describe.each(SERVERS)("a tenant's rate of registrations on %s", (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  let people = 0
  const registerAt = (tenant: ReturnType<TestStore['tenant']>, count: number) =>
    Promise.all(
      Array.from({ length: count }, () => {
        people += 1
        return it.store.register(tenant, registration(tenant, { email: `p${people}@example.com` }))
      }),
    )
  const countOf = (answers: readonly object[]) => answers.filter((answer) => 'registration' in answer).length

  test('after the clock was set back by an hour the rate goes on as before', async () => {
    const max = 20
    const tenant = it.tenant({ registersPerTenant: { max, windowSeconds: 60 } })
    const full = async () => countOf(await registerAt(tenant, it.store.context.partitions * max)) > 0
    expect(await full()).toBe(true)
    expect(await full()).toBe(false)
    it.clock.ms -= 3_600_000
    for (let minute = 0; minute < 3; minute++) {
      expect(await full()).toBe(true)
      expect(await full()).toBe(false)
      it.clock.ms += 62_000
    }
  })

  test('it refuses excess calls, says when to retry, and records one event', async () => {
    const max = 20
    const tenant = it.tenant({ registersPerTenant: { max, windowSeconds: 600 } })
    const { partitions } = it.store.context
    const most = partitions * fairShare(max, partitions)
    const answers = await registerAt(tenant, most + 40)
    const made = countOf(answers)
    // On a Cluster some partitions are full and some are not. On a single Redis the count is exact.
    expect(made).toBeLessThanOrEqual(most)
    expect(made).toBeGreaterThanOrEqual(max)
    const { events } = await it.store.events.page({
      tenantId: tenant.id,
      audit: false,
      types: ['registrations.limited'],
      first: 200,
    })
    expect(events.length).toBeGreaterThanOrEqual(1)
    expect(events.length).toBeLessThanOrEqual(partitions)
    if (partitions > 1) return
    expect(made).toBe(max)
    const refused = answers.find((answer) => 'problem' in answer)
    expect(refused).toMatchObject({ problem: { code: 'rate-limited', limit: 'tenant' } })
    expect(events).toMatchObject([{ tenantId: tenant.id, identityId: null }])
    const lives = await Promise.all(
      ['w:registers:600000', 'o:registrations.limited'].map((suffix) =>
        it.redis.pttl(`${keyPrefix(tenant.id, 0)}${suffix}`),
      ),
    )
    for (const ttlMs of lives) {
      expect(ttlMs).toBeGreaterThan(590_000)
      expect(ttlMs).toBeLessThanOrEqual(620_000)
    }
    const seconds =
      refused !== undefined && 'problem' in refused ? (refused.problem.retryAfterSeconds ?? 0) : 0
    expect(seconds).toBeGreaterThanOrEqual(600)
    expect(seconds).toBeLessThanOrEqual(610)
    it.clock.ms += (seconds - 1) * 1000
    expect(countOf(await registerAt(tenant, 1))).toBe(0)
    it.clock.ms += 1000
    expect(countOf(await registerAt(tenant, max + 5))).toBe(max)
  })

  test('another tenant has its own, and a register that another limit stops takes nothing', async () => {
    const rate = { max: 1000, windowSeconds: 60 }
    const one = it.tenant({ registersPerTenant: { ...rate, max: 1 } })
    await register(it.store, one)
    if (it.store.context.partitions === 1)
      expect(await it.store.register(one, registration(one, { email: 'b@example.com' }))).toMatchObject({
        problem: { code: 'rate-limited', limit: 'tenant' },
      })
    await register(it.store, it.tenant({ registersPerTenant: rate }))
    const strict = it.tenant({
      registersPerTenant: { max: totalForTwo(it.store.context.partitions), windowSeconds: 600 },
      mailsPerAddress: [{ max: 1, windowSeconds: 600 }],
    })
    await register(it.store, strict)
    for (let i = 0; i < 5; i++)
      expect(await it.store.register(strict, registration(strict))).toEqual(limited('email', 600))
    await register(it.store, strict, { email: 'b@example.com' })
  })

  test.runIf(takesManyCalls(server))(
    'at no moment more than the rate lie within a window, also while registrations come evenly',
    async () => {
      if (it.store.context.partitions > 1) return
      const tenant = it.tenant({ registersPerTenant: { max: 30, windowSeconds: 60 } })
      const moments: number[] = []
      for (let second = 0; second < 180; second++) {
        const made = countOf(await registerAt(tenant, 2))
        for (let i = 0; i < made; i++) moments.push(it.clock.ms)
        it.clock.ms += 997
      }
      for (const moment of moments) {
        const within = moments.filter((other) => other > moment - 60_000 && other <= moment)
        expect(within.length).toBeLessThanOrEqual(30)
      }
      expect(moments.length).toBeGreaterThanOrEqual(80)
    },
  )
})

/** The least total of which a partition allows two: two addresses may lie in one. */
function totalForTwo(partitions: number): number {
  let total = 2
  while (fairShare(total, partitions) < 2) total += 1
  return total
}

test('by default a tenant registers 100,000 in ten minutes', () => {
  expect(DEFAULT_SETTINGS.registersPerTenant).toEqual({ max: 100_000, windowSeconds: 600 })
})

test('shares of a total over partitions are fair, and exact on one', () => {
  expect(fairShare(100_000, 1)).toBe(100_000)
  expect(fairShare(100_000, 64)).toBe(1682)
  expect(fairShare(1, 64)).toBe(1)
})
