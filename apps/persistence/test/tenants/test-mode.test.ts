import { DEFAULT_SETTINGS, type Tenant } from '@emailauth/contracts/tenants'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusingShortLives } from '../../src/registration/short-lives.ts'
import { limited, register, registration, verify, WRONG } from '../calls.ts'
import { openTestStore, type TestStore } from '../store.ts'

const FIXED = '424242424242'
const ZEROS = '000000000000'

let it: TestStore
beforeAll(async () => {
  it = await openTestStore('redis-server', { allowShortLives: true })
})
afterAll(() => it?.close())

/** With the default limits. */
const testTenant = (settings: Partial<Tenant['settings']> = {}): Tenant => {
  const { id, name, createdAt, status } = it.tenant()
  return { id, name, createdAt, status, testMode: true, settings: { ...DEFAULT_SETTINGS, ...settings } }
}
const problemOf = async (tenant: Tenant, email: string) =>
  it.store.register(tenant, registration(tenant, { email }))

describe('a reserved address of a test tenant', () => {
  test.each(['ada+emailauth-test@example.com', 'Ada@TEST.emailauth.invalid'])(
    '%s gets the fixed number, once',
    async (email) => {
      const tenant = testTenant()
      const made = await register(it.store, tenant, { email, token: 'mine' })
      expect(made).toMatchObject({ number: FIXED, testDelivery: 'sent' })
      expect(await verify(it.store, tenant, FIXED)).toMatchObject({ verification: { token: 'mine' } })
      expect(await verify(it.store, tenant, FIXED)).toEqual(WRONG)
    },
  )

  test('many have the same number; identityId or email selects one, the number alone means the newest', async () => {
    const tenant = testTenant()
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        register(it.store, tenant, { email: `${name}@test.emailauth.invalid`, token: name }),
      ),
    )
    const by = { identityId: a?.identityId ?? '' }
    expect(await verify(it.store, tenant, FIXED, by)).toMatchObject({ verification: { token: 'a' } })
    expect(await verify(it.store, tenant, FIXED, by)).toEqual(WRONG)
    const other = { identityId: b?.identityId ?? '', email: 'c@test.emailauth.invalid' }
    expect(await verify(it.store, tenant, FIXED, other)).toEqual(WRONG)
    const email = { email: 'C@test.emailauth.invalid' }
    expect(await verify(it.store, tenant, FIXED, email)).toMatchObject({ verification: { token: 'c' } })
    expect(c?.identityId).not.toBe(b?.identityId)
    await register(it.store, tenant, { email: 'd@test.emailauth.invalid', token: 'd' })
    expect(await verify(it.store, tenant, FIXED)).toMatchObject({ verification: { token: 'd' } })
  })

  test('names a number of its own', async () => {
    const tenant = testTenant()
    for (const number of ['100000000001', '100000000002'])
      await register(it.store, tenant, { email: `ada+${number}@test.emailauth.invalid`, token: number })
    for (const number of ['100000000001', '100000000002'])
      expect(await verify(it.store, tenant, number)).toMatchObject({ verification: { token: number } })
  })

  test('in mode BOUND the number is as short as the others, and alone it is not enough', async () => {
    const tenant = testTenant({ verification: 'BOUND' })
    const made = await register(it.store, tenant, { email: 'ada@test.emailauth.invalid' })
    expect(made.number).toBe('42424242')
    expect(await verify(it.store, tenant, '42424242')).toMatchObject({ problem: { code: 'bad-input' } })
    const email = { email: 'ada@test.emailauth.invalid' }
    expect(await verify(it.store, tenant, '42424242', email)).toHaveProperty('verification')
  })

  test('meets no limit: not of mails, clients, the tenant or wrong numbers', async () => {
    const rate = { max: 1, windowSeconds: 600 }
    const tenant = testTenant({
      registersPerClientIp: rate,
      registersPerTenant: rate,
      missesPerClientIp: rate,
    })
    const clientIp = '192.0.2.1'
    for (let n = 0; n < 5; n++) {
      const { identityId } = await register(it.store, tenant, { email: 'a@test.emailauth.invalid', clientIp })
      expect(await verify(it.store, tenant, '999999999999', { identityId, clientIp })).toEqual(WRONG)
      expect(await verify(it.store, tenant, ZEROS, { clientIp })).toEqual(WRONG)
      expect(
        await it.store.resend(tenant, { tenantId: tenant.id, requestId: `${n}`, identityId }),
      ).toMatchObject({
        registration: { number: FIXED },
      })
    }
    // Other addresses still have their full limit, and no more.
    const { identityId } = await register(it.store, tenant, { email: 'ada@gmail.com', clientIp })
    expect(await verify(it.store, tenant, '999999999999', { identityId, clientIp })).toEqual(WRONG)
    expect(await verify(it.store, tenant, '999999999999', { identityId, clientIp })).toMatchObject(
      limited('client-ip', 600),
    )
  })

  test.each([
    ['limited', 'email'],
    ['limited-client-ip', 'client-ip'],
    ['limited-tenant', 'tenant'],
  ])('+%s provokes the limit %s', async (tag, limit) => {
    expect(await problemOf(testTenant(), `ada+${tag}@test.emailauth.invalid`)).toEqual(limited(limit, 30))
  })

  test('provokes limits of resend and verify', async () => {
    const tenant = testTenant()
    const { identityId } = await register(it.store, tenant, {
      email: 'ada+resend-limited+verify-limited+emailauth-test@example.com',
    })
    expect(await it.store.resend(tenant, { tenantId: tenant.id, requestId: 'r', identityId })).toEqual(
      limited('email', 30),
    )
    expect(await verify(it.store, tenant, FIXED, { identityId })).toEqual(limited('client-ip', 30))
  })

  test('+expired is over at once, +burned at the first wrong number', async () => {
    const tenant = testTenant()
    const expired = await register(it.store, tenant, { email: 'a+expired@test.emailauth.invalid' })
    expect(Date.parse(expired.expiresAt) - Date.parse(expired.createdAt)).toBe(1)
    expect(await verify(it.store, tenant, FIXED, { identityId: expired.identityId })).toEqual(WRONG)
    expect(await verify(it.store, tenant, FIXED)).toEqual(WRONG)
    const { identityId } = await register(it.store, tenant, { email: 'a+burned@test.emailauth.invalid' })
    expect(await verify(it.store, tenant, ZEROS, { identityId })).toEqual(WRONG)
    expect(await verify(it.store, tenant, FIXED, { identityId })).toEqual(WRONG)
    const { events } = await it.store.events.page({ tenantId: tenant.id, audit: false, first: 50 })
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['missed', 'burned']))
  })

  test.each(['bounced', 'deferred', 'failed', 'rejected'])('+%s says how its mail fares', async (tag) => {
    const tenant = testTenant()
    const made = await register(it.store, tenant, { email: `ada+${tag}@test.emailauth.invalid` })
    expect(made.testDelivery).toBe(tag)
  })

  test('a repeated call gets the same answer', async () => {
    const tenant = testTenant()
    const call = registration(tenant, { email: 'ada@test.emailauth.invalid', idempotencyKey: 'k' })
    const first = await it.store.register(tenant, call)
    expect(await it.store.register(tenant, call)).toEqual(first)
    const key = { idempotencyKey: 'v' }
    const verified = await verify(it.store, tenant, FIXED, key)
    expect(verified).toHaveProperty('verification')
    expect(await verify(it.store, tenant, FIXED, key)).toEqual(verified)
  })
})

describe('nobody is let in by a known number', () => {
  test('a live tenant gives reserved addresses numbers like any others', async () => {
    const tenant = it.tenant()
    const email = 'ada+expired+emailauth-test@example.com'
    const made = await register(it.store, tenant, { email })
    expect(made).not.toHaveProperty('testDelivery')
    expect(made.number).not.toBe(FIXED)
    expect(await verify(it.store, tenant, FIXED, { email })).toEqual(WRONG)
    expect(await verify(it.store, tenant, made.number)).toHaveProperty('verification')
  })

  test('an address that somebody may read has a number of its own in a test tenant too', async () => {
    const tenant = testTenant()
    const made = await register(it.store, tenant, { email: 'ada@gmail.com' })
    await register(it.store, tenant, { email: 'bob@test.emailauth.invalid' })
    for (const request of [{ email: 'ada@gmail.com' }, { identityId: made.identityId }])
      for (const number of [FIXED, ZEROS])
        expect(await verify(it.store, tenant, number, request)).toEqual(WRONG)
    expect(made).not.toHaveProperty('testDelivery')
    expect(await verify(it.store, tenant, made.number)).toHaveProperty('verification')
  })

  test('who registers reserved numbers does not get free guesses at the numbers of others', async () => {
    const tenant = testTenant()
    const victim = await register(it.store, tenant, { email: 'ada@gmail.com', token: 'hers' })
    const email = `x+${victim.number}@test.emailauth.invalid`
    await register(it.store, tenant, { email, token: 'his' })
    expect(await verify(it.store, tenant, victim.number)).toMatchObject({ verification: { token: 'his' } })
    // The number still means his identity, which has ended.
    expect(await verify(it.store, tenant, victim.number)).toEqual(WRONG)
    const { identityId } = victim
    expect(await verify(it.store, tenant, victim.number, { identityId })).toMatchObject({
      verification: { token: 'hers' },
    })
  })

  test('short lives are for test tenants', async () => {
    const tenant = testTenant()
    const short = { email: 'ada@gmail.com', expiresInSeconds: 1 }
    const inDevelopment = refusingShortLives(it.store.context, it.store.register)
    const made = await inDevelopment(tenant, registration(tenant, short))
    const { createdAt, expiresAt } = 'registration' in made ? made.registration : expect.unreachable()
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(1000)
    const live = it.tenant()
    const refused = { problem: { code: 'bad-input', field: 'expiresInSeconds' } }
    const minute = registration(live, { ...short, expiresInSeconds: 59 })
    expect(await inDevelopment(live, minute)).toMatchObject(refused)
    const context = { ...it.store.context, allowShortLives: false }
    const inProduction = refusingShortLives(context, it.store.register)
    expect(await inProduction(tenant, registration(tenant, short))).toMatchObject(refused)
  })
})
