import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Address, readAddress } from '../../src/addresses/address.ts'
import { keyPrefix } from '../../src/store/keys.ts'
import { partitionOfAddress } from '../../src/store/partition.ts'
import { scripts } from '../../src/store/scripts.ts'
import { limited, register, registration, verify, WRONG } from '../calls.ts'
import { FORMATS, SERVERS } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

describe.each([...SERVERS, ...FORMATS])('registering on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test('registering again replaces the number, however the address is written', async () => {
    const tenant = it.tenant()
    const first = await register(it.store, tenant, { email: 'ADA@example.com' })
    const second = await register(it.store, tenant, { email: 'ada@Example.COM' })
    expect(second).toMatchObject({ replaced: true, replacedIdentityId: first.identityId })
    expect(await verify(it.store, tenant, first.number)).toEqual(WRONG)
    expect(await verify(it.store, tenant, second.number)).toMatchObject({
      verification: { identityId: second.identityId },
    })
    expect((await register(it.store, tenant)).replaced).toBe(false)
  })

  test('20 parallel registers of one address leave one live number', async () => {
    const tenant = it.tenant()
    const made = await Promise.all(Array.from({ length: 20 }, () => register(it.store, tenant)))
    expect(made.filter(({ replaced }) => !replaced)).toHaveLength(1)
    const answers = await Promise.all(made.map(({ number }) => verify(it.store, tenant, number)))
    expect(answers.filter((answer) => 'verification' in answer)).toHaveLength(1)
  })

  test.each([
    [{ email: 'nobody' }, 'email'],
    [{ email: 'a@b.c\r\nBcc: d@e.f' }, 'email'],
    [{ token: '' }, 'token'],
    [{ token: 'é'.repeat(2049) }, 'token'],
    [{ token: 'half \ud83d' }, 'token'],
  ])('%j is bad input', async (request, field) => {
    const tenant = it.tenant()
    expect(await it.store.register(tenant, registration(tenant, request))).toEqual({
      problem: expect.objectContaining({ code: 'bad-input', field }),
    })
  })

  test('resend gives the same number under a new message id, and counts', async () => {
    const tenant = it.tenant({ mailsPerAddress: [{ max: 2, windowSeconds: 60 }] })
    const made = await register(it.store, tenant)
    const call = { tenantId: tenant.id, requestId: 'resend-1', identityId: made.identityId }
    it.clock.ms += 10
    const again = await it.store.resend(tenant, call)
    expect(again).toMatchObject({
      registration: { number: made.number, expiresAt: made.expiresAt, identityId: made.identityId },
    })
    expect('registration' in again && again.registration.messageId).not.toBe(made.messageId)
    expect(await it.store.resend(tenant, call)).toEqual(again)
    expect(await it.store.resend(tenant, { ...call, requestId: 'resend-2' })).toEqual(limited('email', 60))
    await verify(it.store, tenant, made.number)
    expect(await it.store.resend(tenant, { ...call, requestId: 'resend-3' })).toMatchObject({
      problem: { code: 'identity-not-found' },
    })
    expect(await it.store.resend(tenant, { ...call, identityId: '{}*:' })).toMatchObject({
      problem: { code: 'identity-not-found' },
    })
  })

  test('revoked numbers are dead; revoking twice answers false', async () => {
    const tenant = it.tenant()
    const { identityId, number } = await register(it.store, tenant)
    expect(await it.store.identities.revoke(identityId)).toBe(true)
    expect(await it.store.identities.revoke(identityId)).toBe(false)
    expect(await verify(it.store, tenant, number)).toEqual(WRONG)
    expect((await register(it.store, tenant)).replaced).toBe(false)
  })

  test('numbers get longer as the live count grows', async () => {
    const tenant = it.tenant({ missBudgetPerHour: 100_000 })
    expect((await register(it.store, tenant)).number).toHaveLength(14)
    const { context } = it.store
    const bob = 'bob@example.com'
    const partition = partitionOfAddress(context, readAddress(bob) as Address)
    const crowd = Math.ceil(1001 / context.partitions)
    await register(it.store, tenant, { email: bob })
    await it.redis.incrby(`${keyPrefix(tenant.id, partition)}live`, crowd)
    expect((await register(it.store, tenant, { email: bob })).number).toHaveLength(15)
  })

  test('with however many live numbers people can register: the number is as long as it must be, and works', async () => {
    const tenant = it.tenant({ missBudgetPerHour: 100_000, acceptedRisk: 1e-9 })
    const { context } = it.store
    const partition = partitionOfAddress(context, readAddress('ada@example.com') as Address)
    await register(it.store, tenant)
    await it.redis.incrby(
      `${keyPrefix(tenant.id, partition)}live`,
      Math.ceil(20_000_000 / context.partitions),
    )
    const { number, identityId } = await register(it.store, tenant)
    expect(number).toHaveLength(22)
    expect(await verify(it.store, tenant, number.replace(/(.{4})/g, '$1 '))).toMatchObject({
      verification: { identityId },
    })
  })
})

test('a register tries 20 numbers, and fails when each is taken', async () => {
  const it = await openTestStore('redis-server')
  onTestFinished(() => it.close())
  const rule = vi.spyOn(scripts, 'register').mockResolvedValue({ kind: 'taken' })
  const tenant = it.tenant()
  await expect(it.store.register(tenant, registration(tenant))).rejects.toThrow('after 20 attempts')
  expect(rule).toHaveBeenCalledTimes(20)
})
