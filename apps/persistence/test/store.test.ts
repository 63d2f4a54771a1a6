import { randomBytes, randomUUID } from 'node:crypto'
import type { Registration, RegistrationRequest } from '@emailauth/contracts/registrations'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { VerificationRequest } from '@emailauth/contracts/verifications'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { partitionOfAddress } from '../src/identities/identity-space.ts'
import { spaceKey } from '../src/redis/keys.ts'
import { type Address, readAddress } from '../src/registration/address.ts'
import { openStore } from '../src/store.ts'
import { SERVERS } from './servers.ts'
import { openTestStore, type TestStore } from './store.ts'

describe.each(SERVERS)('the store on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  const ask = (tenant: Tenant, request: Partial<RegistrationRequest> = {}): RegistrationRequest => ({
    tenantId: tenant.id,
    requestId: randomUUID(),
    email: 'ada@example.com',
    token: 'a token',
    ...request,
  })
  const register = async (tenant: Tenant, request: Partial<RegistrationRequest> = {}) => {
    const result = await it.store.register(tenant, ask(tenant, request))
    if ('problem' in result) throw new Error(`${result.problem.code}: ${result.problem.detail}`)
    return result.registration as Registration & { number: string }
  }
  const verify = (tenant: Tenant, number: string, request: Partial<VerificationRequest> = {}) =>
    it.store.verify(tenant, { tenantId: tenant.id, requestId: randomUUID(), number, ...request })
  const wrong = { problem: expect.objectContaining({ code: 'wrong-credentials' }) }
  const limited = (limit: string, retryAfterSeconds: number) => ({
    problem: expect.objectContaining({ code: 'rate-limited', limit, retryAfterSeconds }),
  })

  test('a number is traded for the token once', async () => {
    const tenant = it.tenant()
    const made = await register(tenant, { email: ' Ada@EXAMPLE.com', token: 'ünïcode\n token', locale: 'es' })
    expect(made).toMatchObject({
      email: 'Ada@example.com',
      locale: 'es',
      replaced: false,
      replacedIdentityId: null,
    })
    expect(made.number).toMatch(/^\d{12}$/)
    expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(600_000)
    const typed = `${made.number.slice(0, 4)} ${made.number.slice(4, 8)}-${made.number.slice(8)}`
    expect(await verify(tenant, typed)).toEqual({
      verification: {
        identityId: made.identityId,
        email: 'Ada@example.com',
        token: 'ünïcode\n token',
        registeredAt: made.createdAt,
      },
    })
    expect(await verify(tenant, made.number)).toEqual(wrong)
    expect(await it.store.identities.byId(made.identityId)).toBeUndefined()
  })

  test('of 50 callers with one number exactly one gets the token', async () => {
    const tenant = it.tenant()
    const { number } = await register(tenant)
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify(tenant, number)))
    expect(answers.filter((answer) => 'verification' in answer)).toHaveLength(1)
    expect(
      answers.filter((answer) => 'problem' in answer && answer.problem.code === 'wrong-credentials'),
    ).toHaveLength(49)
  })

  test('registering again replaces the number, however the address is written', async () => {
    const tenant = it.tenant()
    const first = await register(tenant, { email: 'ADA@example.com' })
    const second = await register(tenant, { email: 'ada@Example.COM' })
    expect(second).toMatchObject({ replaced: true, replacedIdentityId: first.identityId })
    expect(await verify(tenant, first.number)).toEqual(wrong)
    expect(await verify(tenant, second.number)).toMatchObject({
      verification: { identityId: second.identityId },
    })
    expect((await register(tenant)).replaced).toBe(false)
  })

  test('20 parallel registers of one address leave one live number', async () => {
    const tenant = it.tenant()
    const made = await Promise.all(Array.from({ length: 20 }, () => register(tenant)))
    expect(made.filter(({ replaced }) => !replaced)).toHaveLength(1)
    const answers = await Promise.all(made.map(({ number }) => verify(tenant, number)))
    expect(answers.filter((answer) => 'verification' in answer)).toHaveLength(1)
  })

  test('tenants know nothing of each other', async () => {
    const [one, two] = [it.tenant(), it.tenant()]
    const mine = await register(one)
    const theirs = await register(two)
    expect(theirs.replaced).toBe(false)
    expect(await verify(two, mine.number)).toEqual(wrong)
    expect(await verify(two, theirs.number, { identityId: mine.identityId })).toEqual(wrong)
    expect(await verify(one, mine.number)).toMatchObject({ verification: { token: 'a token' } })
  })

  test.each(['', 'abc', '123', '1'.repeat(40), '\u0000', '9'.repeat(12)])(
    '%j is a wrong number',
    async (number) => {
      expect(await verify(it.tenant(), number)).toEqual(wrong)
    },
  )

  test.each([
    [{ email: 'nobody' }, 'email'],
    [{ email: 'a@b.c\r\nBcc: d@e.f' }, 'email'],
    [{ token: '' }, 'token'],
    [{ token: 'é'.repeat(2049) }, 'token'],
  ])('%j is bad input', async (request, field) => {
    const tenant = it.tenant()
    expect(await it.store.register(tenant, ask(tenant, request))).toEqual({
      problem: expect.objectContaining({ code: 'bad-input', field }),
    })
  })

  test('what is given beside the number must match, in both modes', async () => {
    for (const tenant of [it.tenant(), it.tenant({ verification: 'BOUND' })]) {
      const ada = await register(tenant)
      const bob = await register(tenant, { email: 'bob@example.com' })
      expect(await verify(tenant, ada.number, { email: 'bob@example.com' })).toEqual(wrong)
      expect(await verify(tenant, ada.number, { identityId: bob.identityId })).toEqual(wrong)
      expect(
        await verify(tenant, ada.number, { identityId: ada.identityId, email: 'bob@example.com' }),
      ).toEqual(wrong)
      expect(await verify(tenant, ada.number, { email: 'no address' })).toEqual(wrong)
      expect(await verify(tenant, ada.number, { identityId: 'nowhere' })).toEqual(wrong)
      const right = { identityId: ada.identityId, email: 'ADA@example.com' }
      expect(await verify(tenant, ada.number, right)).toMatchObject({
        verification: { email: 'ada@example.com' },
      })
    }
  })

  test('BOUND: shorter numbers, and never by number alone', async () => {
    const tenant = it.tenant({ verification: 'BOUND' })
    const { number, identityId } = await register(tenant)
    expect(number).toMatch(/^\d{8}$/)
    expect(await verify(tenant, number)).toMatchObject({
      problem: { code: 'bad-input', field: 'identityId' },
    })
    expect(await verify(tenant, number, { identityId })).toMatchObject({ verification: { identityId } })
  })

  test('BOUND: five wrong tries burn the identity, and a resend does not reset them', async () => {
    const tenant = it.tenant({ verification: 'BOUND' })
    const { number, identityId, email } = await register(tenant)
    const other = number === '00000000' ? '00000001' : '00000000'
    for (let i = 0; i < 4; i++)
      expect(await verify(tenant, other, i % 2 === 0 ? { identityId } : { email })).toEqual(wrong)
    it.clock.ms += 1000
    expect(
      await it.store.resend(tenant, { tenantId: tenant.id, requestId: randomUUID(), identityId }),
    ).toHaveProperty('registration')
    expect(await verify(tenant, other, { identityId })).toEqual(wrong)
    expect(await verify(tenant, number, { identityId })).toEqual(wrong)
    expect(await it.store.identities.byId(identityId)).toBeUndefined()
  })

  test('BOUND: 50 wrong tries at once burn it too, and the right number among them wins at most once', async () => {
    const tenant = it.tenant({ verification: 'BOUND' })
    const { number, identityId } = await register(tenant)
    const tries = Array.from({ length: 50 }, (_, i) =>
      verify(tenant, i === 40 ? number : String(i).padStart(8, '1'), { identityId }),
    )
    expect((await Promise.all(tries)).filter((answer) => 'verification' in answer)).toHaveLength(0)
  })

  test('a call that is repeated under its name gets the same answer, for 60 s and under this name only', async () => {
    const tenant = it.tenant()
    const request = ask(tenant)
    const once = await it.store.register(tenant, request)
    expect(await it.store.register(tenant, request)).toEqual(once)
    if ('problem' in once) throw new Error(once.problem.detail)
    const number = once.registration.number ?? ''
    const call = { tenantId: tenant.id, requestId: 'verify-1', number }
    const answer = await it.store.verify(tenant, call)
    expect(answer).toHaveProperty('verification')
    expect(await it.store.verify(tenant, call)).toEqual(answer)
    expect(await verify(tenant, number)).toEqual(wrong)
    expect(await it.store.register(tenant, request)).toMatchObject({
      registration: { number: null, replaced: false },
    })
  })

  test('20 parallel repeats of one register make one number', async () => {
    const tenant = it.tenant()
    const request = ask(tenant, { idempotencyKey: 'order-1' })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => it.store.register(tenant, { ...request, requestId: randomUUID() })),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  })

  test('an idempotency key with other input is an error and changes nothing', async () => {
    const tenant = it.tenant()
    const idempotencyKey = 'k'
    const { number } = await register(tenant, { idempotencyKey })
    const conflict = { problem: expect.objectContaining({ code: 'idempotency-conflict' }) }
    for (const other of [{ email: 'bob@example.com' }, { token: 'other' }, { expiresInSeconds: 61 }]) {
      expect(await it.store.register(tenant, ask(tenant, { idempotencyKey, ...other }))).toEqual(conflict)
    }
    expect(await verify(tenant, '0'.repeat(12), { idempotencyKey })).toEqual(wrong)
    expect(await verify(tenant, number, { idempotencyKey })).toEqual(conflict)
    expect(await verify(tenant, number)).toHaveProperty('verification')
  })

  test('mails to one address: every window counts, exactly, to the second, and over all its tags', async () => {
    const tenant = it.tenant({
      mailsPerAddress: [
        { max: 1, windowSeconds: 30 },
        { max: 3, windowSeconds: 600 },
      ],
    })
    const first = await register(tenant)
    expect(await it.store.register(tenant, ask(tenant, { email: 'ADA+x@example.com' }))).toEqual(
      limited('email', 30),
    )
    it.clock.ms += 29_001
    expect(await it.store.register(tenant, ask(tenant))).toEqual(limited('email', 1))
    expect(await verify(tenant, first.number)).toHaveProperty('verification')
    it.clock.ms += 999
    await register(tenant, { email: 'ada+tag@example.com' })
    it.clock.ms += 30_000
    await register(tenant)
    it.clock.ms += 30_000
    expect(await it.store.register(tenant, ask(tenant))).toEqual(limited('email', 510))
    expect(await it.store.register(tenant, ask(tenant, { email: 'bob@example.com' }))).toHaveProperty(
      'registration',
    )
    it.clock.ms += 510_000
    expect(await it.store.register(tenant, ask(tenant))).toHaveProperty('registration')
  })

  test('parallel registers count exactly', async () => {
    const tenant = it.tenant({
      mailsPerAddress: [{ max: 3, windowSeconds: 60 }],
      registersPerClientIp: { max: 5, windowSeconds: 600 },
    })
    const one = await Promise.all(Array.from({ length: 10 }, () => it.store.register(tenant, ask(tenant))))
    expect(one.filter((answer) => 'registration' in answer)).toHaveLength(3)
    const many = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        it.store.register(tenant, ask(tenant, { email: `u${i}@example.com`, clientIp: '::1' })),
      ),
    )
    expect(many.filter((answer) => 'registration' in answer)).toHaveLength(5)
    expect(many.find((answer) => 'problem' in answer)).toEqual(limited('client-ip', 600))
    expect(
      await it.store.register(tenant, ask(tenant, { email: 'v@example.com', clientIp: '::2' })),
    ).toHaveProperty('registration')
  })

  test('a refused mail is refunded, and its identity is gone', async () => {
    const tenant = it.tenant({ mailsPerAddress: [{ max: 1, windowSeconds: 600 }] })
    const { identityId, number } = await register(tenant, { email: 'ada+x@example.com' })
    expect(await it.store.identities.refuse(identityId)).toBe(true)
    expect(await it.store.identities.refuse(identityId)).toBe(false)
    expect(await verify(tenant, number)).toEqual(wrong)
    await register(tenant)
    expect(await it.store.register(tenant, ask(tenant))).toEqual(limited('email', 600))
  })

  test('wrong look-ups of one client IP, and of the tenant; with an address verify goes on', async () => {
    const tenant = it.tenant({ missesPerClientIp: { max: 3, windowSeconds: 600 }, missBudgetPerHour: 10 })
    const { number, email } = await register(tenant)
    const miss = (clientIp?: string) =>
      verify(tenant, '0'.repeat(15), clientIp === undefined ? {} : { clientIp })
    for (let i = 0; i < 3; i++) expect(await miss('10.0.0.1')).toEqual(wrong)
    expect(await miss('10.0.0.1')).toEqual(limited('client-ip', 600))
    expect(await verify(tenant, number, { clientIp: '10.0.0.1' })).toEqual(limited('client-ip', 600))
    const more = await Promise.all(Array.from({ length: 20 }, () => miss()))
    expect(
      more.filter((answer) => 'problem' in answer && answer.problem.code === 'wrong-credentials'),
    ).toHaveLength(7)
    expect(await verify(tenant, number)).toEqual(limited('miss-budget', 3600))
    expect(await verify(tenant, '0'.repeat(15), { email })).toEqual(wrong)
    expect(await verify(tenant, number, { email })).toHaveProperty('verification')
  })

  test('resend gives the same number under a new message id, and counts', async () => {
    const tenant = it.tenant({ mailsPerAddress: [{ max: 2, windowSeconds: 60 }] })
    const made = await register(tenant)
    const call = { tenantId: tenant.id, requestId: 'resend-1', identityId: made.identityId }
    it.clock.ms += 10
    const again = await it.store.resend(tenant, call)
    expect(again).toMatchObject({
      registration: { number: made.number, expiresAt: made.expiresAt, identityId: made.identityId },
    })
    expect('registration' in again && again.registration.messageId).not.toBe(made.messageId)
    expect(await it.store.resend(tenant, call)).toEqual(again)
    expect(await it.store.resend(tenant, { ...call, requestId: 'resend-2' })).toEqual(limited('email', 60))
    await verify(tenant, made.number)
    expect(await it.store.resend(tenant, { ...call, requestId: 'resend-3' })).toMatchObject({
      problem: { code: 'identity-not-found' },
    })
    expect(await it.store.resend(tenant, { ...call, identityId: '{}*:' })).toMatchObject({
      problem: { code: 'identity-not-found' },
    })
  })

  test('revoked numbers are dead; revoking twice answers false', async () => {
    const tenant = it.tenant()
    const { identityId, number } = await register(tenant)
    expect(await it.store.identities.revoke(identityId)).toBe(true)
    expect(await it.store.identities.revoke(identityId)).toBe(false)
    expect(await verify(tenant, number)).toEqual(wrong)
    expect((await register(tenant)).replaced).toBe(false)
  })

  test('lists newest first, page by page, none twice and none left out', async () => {
    const tenant = it.tenant()
    const made: string[] = []
    for (let i = 0; i < 25; i++) {
      if (i % 3 === 0) it.clock.ms += 1
      made.unshift((await register(tenant, { email: `u${i}@example.com` })).identityId)
    }
    const seen: string[] = []
    let after: string | undefined
    for (;;) {
      const page = await it.store.identities.list({ tenantIds: [tenant.id], first: 7, after })
      expect(page.totalCount).toBe(25)
      seen.push(...page.items.map(({ identity }) => identity.id))
      after = page.items.at(-1)?.cursor
      if (!page.hasNextPage) break
    }
    expect(new Set(seen)).toEqual(new Set(made))
    expect(seen).toHaveLength(25)
    const times = await Promise.all(
      seen.map(async (id) => (await it.store.identities.byId(id))?.record.createdAtMs ?? 0),
    )
    expect(times).toEqual([...times].sort((a, b) => b - a))
  })

  test('lists by exact address, over tenants', async () => {
    const [one, two] = [it.tenant(), it.tenant()]
    await register(one, { email: 'bob@example.com' })
    const a = await register(one)
    const b = await register(two)
    const page = await it.store.identities.list({
      tenantIds: [one.id, two.id],
      email: ' ADA@Example.com',
      first: 10,
    })
    expect(page.items.map(({ identity }) => identity.id).sort()).toEqual([a.identityId, b.identityId].sort())
    expect(page.totalCount).toBe(2)
    const none = await it.store.identities.list({ tenantIds: [one.id], email: 'eve@example.com', first: 10 })
    expect(none).toEqual({ items: [], hasNextPage: false, totalCount: 0 })
    await expect(
      it.store.identities.list({ tenantIds: [one.id], first: 1, after: 'rubbish' }),
    ).rejects.toThrow('cursor')
  })

  test('numbers get longer as the live count grows', async () => {
    const tenant = it.tenant({ missBudgetPerHour: 100_000 })
    expect((await register(tenant)).number).toHaveLength(14)
    const { space } = it.store
    const bob = 'bob@example.com'
    const partition = partitionOfAddress(space, readAddress(bob) as Address)
    const crowd = Math.ceil(1001 / space.partitions)
    await it.redis.zadd(
      `${spaceKey(tenant.id, partition)}index`,
      ...Array.from({ length: crowd }, (_, i) => [1, `filler ${i}`]).flat(),
    )
    expect((await register(tenant, { email: bob })).number).toHaveLength(15)
  })

  test('after a key rotation old numbers verify, one number an address holds, and so do the limits', async () => {
    const tenant = it.tenant({ mailsPerAddress: [{ max: 2, windowSeconds: 600 }] })
    const ada = await register(tenant)
    const bob = await register(tenant, { email: 'bob@example.com' })
    const eve = await register(tenant, { email: 'eve+x@example.com' })
    const rotated = await openStore({
      redis: it.redis,
      ring: createKeyRing([randomBytes(32), it.secret]),
      now: () => it.clock.ms,
    })
    const call = (number: string) =>
      rotated.verify(tenant, { tenantId: tenant.id, requestId: randomUUID(), number })
    expect(await call(bob.number)).toMatchObject({ verification: { email: 'bob@example.com' } })
    expect(await rotated.register(tenant, ask(tenant))).toMatchObject({
      registration: { replaced: true, replacedIdentityId: ada.identityId },
    })
    expect(await call(ada.number)).toEqual(wrong)
    expect(await rotated.register(tenant, ask(tenant))).toEqual(limited('email', 600))
    expect(await rotated.register(tenant, ask(tenant, { email: 'eve@example.com' }))).toHaveProperty(
      'registration',
    )
    expect(await rotated.register(tenant, ask(tenant, { email: 'eve@example.com' }))).toEqual(
      limited('email', 600),
    )
    expect(await call(eve.number)).toHaveProperty('verification')
  })

  test('a store of another ring is refused with the way out', async () => {
    await expect(openStore({ redis: it.redis, ring: createKeyRing([randomBytes(32)]) })).rejects.toThrow(
      'EMAILAUTH_SECRET_KEYS',
    )
  })
})
