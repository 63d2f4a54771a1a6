import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { register, verify, WRONG } from '../calls.ts'
import { EVERY_SERVER, FORMATS } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

describe.each([...EVERY_SERVER, ...FORMATS])('verifying on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test('a number is traded for the token once', async () => {
    const tenant = it.tenant()
    const made = await register(it.store, tenant, {
      email: ' Ada@EXAMPLE.com',
      token: 'ünïcode\n token',
      locale: 'es',
    })
    expect(made).toMatchObject({
      email: 'Ada@example.com',
      locale: 'es,en',
      replaced: false,
      replacedIdentityId: null,
    })
    expect(made.number).toMatch(/^\d{12}$/)
    expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(600_000)
    const typed = `${made.number.slice(0, 4)} ${made.number.slice(4, 8)}-${made.number.slice(8)}`
    expect(await verify(it.store, tenant, typed)).toEqual({
      verification: {
        identityId: made.identityId,
        email: 'Ada@example.com',
        token: 'ünïcode\n token',
        registeredAt: made.createdAt,
      },
    })
    expect(await verify(it.store, tenant, made.number)).toEqual(WRONG)
    expect(await it.store.identities.byId(made.identityId)).toBeUndefined()
  })

  test('of 50 callers with one number exactly one gets the token', async () => {
    const tenant = it.tenant()
    const { number } = await register(it.store, tenant)
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify(it.store, tenant, number)))
    expect(answers.filter((answer) => 'verification' in answer)).toHaveLength(1)
    expect(
      answers.filter((answer) => 'problem' in answer && answer.problem.code === 'wrong-credentials'),
    ).toHaveLength(49)
  })

  test('tenants know nothing of each other', async () => {
    const [one, two] = [it.tenant(), it.tenant()]
    const mine = await register(it.store, one)
    const theirs = await register(it.store, two)
    expect(theirs.replaced).toBe(false)
    expect(await verify(it.store, two, mine.number)).toEqual(WRONG)
    expect(await verify(it.store, two, theirs.number, { identityId: mine.identityId })).toEqual(WRONG)
    expect(await verify(it.store, one, mine.number)).toMatchObject({ verification: { token: 'a token' } })
  })

  test.each(['', 'abc', '123', '1'.repeat(40), '\u0000', '9'.repeat(12)])(
    '%j is a wrong number',
    async (number) => {
      expect(await verify(it.store, it.tenant(), number)).toEqual(WRONG)
    },
  )

  test('what is given beside the number must match, in both modes', async () => {
    for (const tenant of [it.tenant(), it.tenant({ verification: 'BOUND' })]) {
      const ada = await register(it.store, tenant)
      const bob = await register(it.store, tenant, { email: 'bob@example.com' })
      expect(await verify(it.store, tenant, ada.number, { email: 'bob@example.com' })).toEqual(WRONG)
      expect(await verify(it.store, tenant, ada.number, { identityId: bob.identityId })).toEqual(WRONG)
      expect(
        await verify(it.store, tenant, ada.number, { identityId: ada.identityId, email: 'bob@example.com' }),
      ).toEqual(WRONG)
      expect(
        await verify(it.store, tenant, ada.number, { identityId: bob.identityId, email: 'ada@example.com' }),
      ).toEqual(WRONG)
      expect(await verify(it.store, tenant, ada.number, { email: 'no address' })).toEqual(WRONG)
      expect(await verify(it.store, tenant, ada.number, { identityId: 'nowhere' })).toEqual(WRONG)
      const right = { identityId: ada.identityId, email: 'ADA@example.com' }
      expect(await verify(it.store, tenant, ada.number, right)).toMatchObject({
        verification: { email: 'ada@example.com' },
      })
    }
  })

  test('BOUND: shorter numbers, and never by number alone', async () => {
    const tenant = it.tenant({ verification: 'BOUND' })
    const { number, identityId } = await register(it.store, tenant)
    expect(number).toMatch(/^\d{8}$/)
    expect(await verify(it.store, tenant, number)).toMatchObject({
      problem: { code: 'bad-input', field: 'identityId' },
    })
    expect(await verify(it.store, tenant, number, { identityId })).toMatchObject({
      verification: { identityId },
    })
  })

  test('BOUND: five wrong tries burn the identity, and a resend does not reset them', async () => {
    const tenant = it.tenant({ verification: 'BOUND' })
    const { number, identityId, email } = await register(it.store, tenant)
    const other = number === '00000000' ? '00000001' : '00000000'
    for (let i = 0; i < 4; i++)
      expect(await verify(it.store, tenant, other, i % 2 === 0 ? { identityId } : { email })).toEqual(WRONG)
    it.clock.ms += 1000
    expect(
      await it.store.resend(tenant, { tenantId: tenant.id, requestId: randomUUID(), identityId }),
    ).toHaveProperty('registration')
    expect(await verify(it.store, tenant, other, { identityId })).toEqual(WRONG)
    expect(await verify(it.store, tenant, number, { identityId })).toEqual(WRONG)
    expect(await it.store.identities.byId(identityId)).toBeUndefined()
  })

  test('BOUND: the number is read in any script, and letters are no try', async () => {
    const tenant = it.tenant({ verification: 'BOUND', boundTries: 1, boundDigits: 8 })
    const { number, identityId } = await register(it.store, tenant)
    for (const typed of [`${number}x`, 'l2345678', number.replace(/.$/, 'O')])
      expect(await verify(it.store, tenant, typed, { identityId })).toEqual(WRONG)
    const persian = number.replace(/\d/g, (digit) => String.fromCodePoint(0x6f0 + Number(digit)))
    const typed = `«${persian.slice(0, 4)}\u2212${persian.slice(4)}»\ufe0f.`
    expect(await verify(it.store, tenant, typed, { identityId })).toHaveProperty('verification')
  })

  test('BOUND: 50 wrong tries at once burn it too, and the right number among them wins at most once', async () => {
    const tenant = it.tenant({ verification: 'BOUND' })
    const { number, identityId } = await register(it.store, tenant)
    const tries = Array.from({ length: 50 }, (_, i) =>
      verify(it.store, tenant, i === 40 ? number : String(i).padStart(8, '1'), { identityId }),
    )
    expect((await Promise.all(tries)).filter((answer) => 'verification' in answer)).toHaveLength(0)
  })
})
