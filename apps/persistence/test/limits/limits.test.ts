import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limited, register, registration, verify, WRONG } from '../calls.ts'
import { FORMATS, SERVERS } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

describe.each([...SERVERS, ...FORMATS])('limits on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test('mails to one address: every window counts, exactly, to the second, and over all its tags', async () => {
    const tenant = it.tenant({
      mailsPerAddress: [
        { max: 1, windowSeconds: 30 },
        { max: 3, windowSeconds: 600 },
      ],
    })
    const first = await register(it.store, tenant)
    expect(await it.store.register(tenant, registration(tenant, { email: 'ADA+x@example.com' }))).toEqual(
      limited('email', 30),
    )
    it.clock.ms += 29_001
    expect(await it.store.register(tenant, registration(tenant))).toEqual(limited('email', 1))
    expect(await verify(it.store, tenant, first.number)).toHaveProperty('verification')
    it.clock.ms += 999
    await register(it.store, tenant, { email: 'ada+tag@example.com' })
    it.clock.ms += 30_000
    await register(it.store, tenant)
    it.clock.ms += 30_000
    expect(await it.store.register(tenant, registration(tenant))).toEqual(limited('email', 510))
    expect(
      await it.store.register(tenant, registration(tenant, { email: 'bob@example.com' })),
    ).toHaveProperty('registration')
    it.clock.ms += 510_000
    expect(await it.store.register(tenant, registration(tenant))).toHaveProperty('registration')
  })

  test('after the clock was set back by an hour no limit lasts longer than its window', async () => {
    const rate = { max: 2, windowSeconds: 60 }
    const clientIp = '192.0.2.77'
    const tenant = it.tenant({ mailsPerAddress: [rate], registersPerClientIp: rate })
    const ask = () => it.store.register(tenant, registration(tenant, { clientIp }))
    for (let mail = 0; mail < 2; mail++) expect(await ask()).toHaveProperty('registration')
    expect(await ask()).toHaveProperty('problem.code', 'rate-limited')
    it.clock.ms -= 3_600_000
    for (let mail = 0; mail < 2; mail++) expect(await ask()).toHaveProperty('registration')
    expect(await ask()).toHaveProperty('problem.retryAfterSeconds', 60)
    it.clock.ms += 60_000
    expect(await ask()).toHaveProperty('registration')
  })

  test('parallel registers count exactly', async () => {
    const tenant = it.tenant({
      mailsPerAddress: [{ max: 3, windowSeconds: 60 }],
      registersPerClientIp: { max: 5, windowSeconds: 600 },
    })
    const one = await Promise.all(
      Array.from({ length: 10 }, () => it.store.register(tenant, registration(tenant))),
    )
    expect(one.filter((answer) => 'registration' in answer)).toHaveLength(3)
    const many = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        it.store.register(
          tenant,
          registration(tenant, { email: `u${i}@example.com`, clientIp: '2001:db8::1' }),
        ),
      ),
    )
    expect(many.filter((answer) => 'registration' in answer)).toHaveLength(5)
    expect(many.find((answer) => 'problem' in answer)).toEqual(limited('client-ip', 600))
    expect(
      await it.store.register(
        tenant,
        registration(tenant, { email: 'v@example.com', clientIp: '2001:db8:0:1::2' }),
      ),
    ).toHaveProperty('registration')
  })

  test('a refused mail is refunded, and its identity is gone', async () => {
    const tenant = it.tenant({ mailsPerAddress: [{ max: 1, windowSeconds: 600 }] })
    const { identityId, number } = await register(it.store, tenant, { email: 'ada+x@example.com' })
    expect(await it.store.identities.refuse(identityId)).toBe(true)
    expect(await it.store.identities.refuse(identityId)).toBe(false)
    expect(await verify(it.store, tenant, number)).toEqual(WRONG)
    await register(it.store, tenant)
    expect(await it.store.register(tenant, registration(tenant))).toEqual(limited('email', 600))
  })

  describe('a mail that the mailer was certainly not asked for', () => {
    const refund = (
      tenant: { readonly id: string },
      made: { readonly identityId: string },
      names: { readonly requestId: string; readonly idempotencyKey?: string },
      operation: 'register' | 'resend' = 'register',
    ) => it.store.refundMail({ tenantId: tenant.id, identityId: made.identityId, operation, ...names })

    test('is refunded once, and no other one', async () => {
      const tenant = it.tenant({ mailsPerAddress: [{ max: 2, windowSeconds: 600 }] })
      // One mailbox, so one limit.
      const first = await register(it.store, tenant, { email: 'ada+1@example.com', requestId: 'first' })
      it.clock.ms += 10_000
      const second = await register(it.store, tenant, { email: 'ada+2@example.com', requestId: 'second' })
      expect(await it.store.register(tenant, registration(tenant))).toEqual(limited('email', 590))
      expect(await refund(tenant, second, { requestId: 'another' })).toBe(false)
      expect(await refund({ id: 'demo' }, first, { requestId: 'first' })).toBe(false)
      expect(await refund(tenant, first, { requestId: 'first' })).toBe(true)
      expect(await refund(tenant, first, { requestId: 'first' })).toBe(false)
      // The identity stays, and its number works.
      expect(await verify(it.store, tenant, first.number)).toHaveProperty('verification')
      await register(it.store, tenant)
      expect(await it.store.register(tenant, registration(tenant))).toEqual(limited('email', 600))
    })

    test('is not refunded once the call was repeated, because that may have mailed it', async () => {
      const tenant = it.tenant({ mailsPerAddress: [{ max: 1, windowSeconds: 600 }] })
      const names = { requestId: 'one', idempotencyKey: 'k' }
      const made = await register(it.store, tenant, names)
      const again = await register(it.store, tenant, names)
      expect(again).toEqual(made)
      expect(await register(it.store, tenant, names)).toEqual(made)
      expect(await refund(tenant, made, names)).toBe(false)
      expect(await it.store.register(tenant, registration(tenant))).toEqual(limited('email', 600))
    })

    test('once refunded, the same call is a new one, and counts', async () => {
      const tenant = it.tenant({ mailsPerAddress: [{ max: 1, windowSeconds: 600 }] })
      const names = { requestId: 'one', idempotencyKey: 'k' }
      const made = await register(it.store, tenant, names)
      expect(await refund(tenant, made, names)).toBe(true)
      const again = await register(it.store, tenant, names)
      expect(again).toMatchObject({ replaced: true, replacedIdentityId: made.identityId })
      expect(await it.store.register(tenant, registration(tenant))).toEqual(limited('email', 600))
      // What replaced an identity is still told when the call is repeated.
      expect(await register(it.store, tenant, names)).toEqual(again)
      expect(await register(it.store, tenant, names)).toEqual(again)
    })

    test('so is that of a resend', async () => {
      const tenant = it.tenant({ mailsPerAddress: [{ max: 1, windowSeconds: 60 }] })
      const made = await register(it.store, tenant)
      it.clock.ms += 60_000
      const { identityId } = made
      const resend = (requestId: string) =>
        it.store.resend(tenant, { tenantId: tenant.id, identityId, requestId })
      expect(await resend('one')).toHaveProperty('registration')
      expect(await resend('two')).toEqual(limited('email', 60))
      expect(await refund(tenant, made, { requestId: 'one' }, 'resend')).toBe(true)
      expect(await resend('two')).toHaveProperty('registration')
      expect(await resend('two')).toHaveProperty('registration')
      expect(await refund(tenant, made, { requestId: 'two' }, 'resend'), 'repeated').toBe(false)
    })
  })

  test('wrong look-ups of one client IP, and of the tenant; with an address verify goes on', async () => {
    const tenant = it.tenant({ missesPerClientIp: { max: 3, windowSeconds: 600 }, missBudgetPerHour: 10 })
    const { number, email } = await register(it.store, tenant)
    const miss = (clientIp?: string) =>
      verify(it.store, tenant, '0'.repeat(15), clientIp === undefined ? {} : { clientIp })
    for (let i = 0; i < 3; i++) expect(await miss('10.0.0.1')).toEqual(WRONG)
    expect(await miss('10.0.0.1')).toEqual(limited('client-ip', 600))
    expect(await verify(it.store, tenant, number, { clientIp: '10.0.0.1' })).toEqual(
      limited('client-ip', 600),
    )
    const more = await Promise.all(Array.from({ length: 20 }, () => miss()))
    expect(
      more.filter((answer) => 'problem' in answer && answer.problem.code === 'wrong-credentials'),
    ).toHaveLength(7)
    expect(await verify(it.store, tenant, number)).toEqual(limited('miss-budget', 3600))
    expect(await verify(it.store, tenant, '0'.repeat(15), { email })).toEqual(WRONG)
    expect(await verify(it.store, tenant, number, { email })).toHaveProperty('verification')
  })

  test('one mailbox has one limit, in whichever of its forms it is written to', async () => {
    const tenant = it.tenant({ mailsPerAddress: [{ max: 1, windowSeconds: 600 }] })
    const made = await register(it.store, tenant, { email: 'v.ictim@gmail.com' })
    expect(made.email).toBe('v.ictim@gmail.com')
    for (const email of ['victim@gmail.com', 'vi.ctim+x@GoogleMail.com', 'victim+@gmail.com'])
      expect(await it.store.register(tenant, registration(tenant, { email })), email).toEqual(
        limited('email', 600),
      )
    await register(it.store, tenant, { email: 'victim@example.com' })
    await register(it.store, tenant, { email: 'ada@yahoo.com' })
    expect(await it.store.register(tenant, registration(tenant, { email: 'ada-1@yahoo.com' }))).toEqual(
      limited('email', 600),
    )
    // The number is bound to the address as it was given, not to an alias.
    expect(await verify(it.store, tenant, made.number, { email: 'victim@gmail.com' })).toEqual(WRONG)
    expect(await verify(it.store, tenant, made.number, { email: 'v.ictim@gmail.com' })).toHaveProperty(
      'verification',
    )
  })
})
