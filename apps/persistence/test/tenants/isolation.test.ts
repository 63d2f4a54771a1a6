import { tenantId } from '@emailauth/contracts/common'
import type { Tenant } from '@emailauth/contracts/tenants'
import { expectWithin } from '@emailauth/testing/timing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { outcome, register, verify } from '../calls.ts'
import { openTestStore, type TestStore } from '../store.ts'

const EMAIL = 'ada@example.com'
const clientIp = '192.0.2.1'

let it: TestStore
let noisy: Tenant
let quiet: Tenant
let made = 0
beforeAll(async () => {
  it = await openTestStore('redis-server')
})
beforeEach(async () => {
  made++
  const settings = { missBudgetPerHour: 50 }
  const [one, two] = await Promise.all([
    it.store.tenants.create({ id: `noisy${made}`, name: 'x', settings }),
    it.store.tenants.create({ id: `quiet${made}`, name: 'x', settings }),
  ])
  noisy = (one as { tenant: Tenant }).tenant
  quiet = (two as { tenant: Tenant }).tenant
})
afterAll(() => it?.close())

const miss = (tenant: Tenant, more = {}) => outcome(verify(it.store, tenant, '000000000000', more))

/** Reaches every limit: of the address, of the client, and the miss budget. */
async function meetEveryLimit(tenant: Tenant) {
  await register(it.store, tenant, { email: EMAIL, clientIp })
  await expect(register(it.store, tenant, { email: EMAIL, clientIp })).rejects.toThrow('rate-limited')
  for (let i = 0; i < 29; i++) await register(it.store, tenant, { email: `${i}@example.com`, clientIp })
  await expect(register(it.store, tenant, { email: 'x@example.com', clientIp })).rejects.toThrow()
  for (let i = 0; i < 20; i++) await miss(tenant, { clientIp })
  expect(await miss(tenant, { clientIp })).toBe('rate-limited')
  for (let i = 0; i < 60; i++) await miss(tenant)
  expect(await miss(tenant)).toBe('rate-limited')
}

test('what one tenant has used up, another has whole, for the same address and client', async () => {
  await meetEveryLimit(noisy)
  const { number } = await register(it.store, quiet, { email: EMAIL, clientIp })
  expect(await miss(quiet, { clientIp })).toBe('wrong-credentials')
  expect(await outcome(verify(it.store, quiet, number, { clientIp }))).toBe('verified')
})

test("a number, an identity and an address open nothing in another tenant's context", async () => {
  const { number, identityId } = await register(it.store, noisy, { email: EMAIL })
  expect(await outcome(verify(it.store, quiet, number))).toBe('wrong-credentials')
  expect(await outcome(verify(it.store, quiet, number, { identityId }))).toBe('wrong-credentials')
  expect(await outcome(verify(it.store, quiet, number, { email: EMAIL }))).toBe('wrong-credentials')
  expect(await outcome(verify(it.store, noisy, number, { identityId }))).toBe('verified')
})

test('a tenant that is refused thousands of times costs another nothing', async () => {
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0
  let calls = 0
  /** The median time of a register and its verification, in ms. */
  const pace = async () => {
    const times: number[] = []
    for (let i = 0; i < 100; i++) {
      const began = performance.now()
      const { number } = await register(it.store, quiet, { email: `${calls++}@example.com` })
      await verify(it.store, quiet, number)
      times.push(performance.now() - began)
    }
    return median(times)
  }
  await pace()
  const before = await pace()
  await meetEveryLimit(noisy)
  const keysBefore = await it.redis.dbsize()
  for (let i = 0; i < 20; i++) {
    const refused = await Promise.all(Array.from({ length: 250 }, () => miss(noisy)))
    expect(new Set(refused)).toEqual(new Set(['rate-limited']))
  }
  // Refused calls leave no data that slows others down.
  expect(await it.redis.dbsize()).toBeLessThanOrEqual(keysBefore)
  expectWithin(await pace(), 2 * before + 1)
})

test.each(['a:b', 'a{b}', '{quiet:00}', 'a*', 'a b', 'a\n', '../a', 'A', '', 'é', 'a?', '[ab]'])(
  '%j names no tenant',
  (id) => {
    expect(tenantId.safeParse(id).success).toBe(false)
  },
)

test.each([
  ['an address', { email: '{quiet}*?@example.com' }],
  ['an idempotency key', { idempotencyKey: '}:n:{*' }],
  ['a token', { token: '\u0000{}:*\r\nDEL x' }],
])('%s full of signs that Redis knows is text like any other', async (_what, hostile) => {
  const { number } = await register(it.store, noisy, { email: EMAIL, ...hostile })
  const result = await verify(it.store, noisy, number)
  expect(result).toMatchObject({ verification: { token: 'token' in hostile ? hostile.token : 'a token' } })
})
