import { randomUUID } from 'node:crypto'
import type { RegistrationRequest } from '@emailauth/contracts/registrations'
import { Cluster, type Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseIdentityId } from '../../src/store/identity-id.ts'
import { keys } from '../../src/store/keys.ts'
import { runMaintenance } from '../../src/store/partition.ts'
import { scripts } from '../../src/store/scripts.ts'
import { faultCode, register, verify } from '../calls.ts'
import { openTestStore, type TestStore } from '../store.ts'

/**
 * A call after its deadline writes nothing. A kept reply is still returned, except where a Cluster must count
 * a limit first.
 */
describe.each(['redis-server', 'Cluster'] as const)('%s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  const late = () => it.clock.ms
  const inTime = () => it.clock.ms + 1

  /**
   * Every key with its value. No late call may change them. Earlier calls announce what they did where nobody
   * waits for it, so these two keys are left out.
   */
  async function everything(): Promise<string[]> {
    const nodes: Redis[] = it.redis instanceof Cluster ? it.redis.nodes('master') : [it.redis]
    const found = (await Promise.all(nodes.map((node) => node.keysBuffer('*')))).flat()
    const names = found.filter((name) => ![keys.due, keys.notifications].includes(name.toString()))
    const values = await Promise.all(names.map((name) => it.redis.dumpBuffer(name)))
    return names.map((name, i) => `${name.toString('hex')} ${values[i]?.toString('hex')}`).sort()
  }

  async function isRefused(call: () => Promise<unknown>) {
    // What earlier calls reserved and did not use is refunded a little later.
    await it.store.reservations.close()
    const before = await everything()
    expect(await call().then(() => 'answered', faultCode)).toBe('unavailable')
    expect(await everything()).toEqual(before)
  }

  const request = (tenantId: string, more: Partial<RegistrationRequest> = {}) => ({
    tenantId,
    requestId: randomUUID(),
    email: 'ada@example.com',
    token: 'late',
    ...more,
  })

  test('register', async () => {
    const tenant = it.tenant()
    const { number } = await register(it.store, tenant)
    const call = request(tenant.id)
    await isRefused(() => it.store.register(tenant, { ...call, clientIp: '192.0.2.1' }, late()))
    expect(await verify(it.store, tenant, number)).toMatchObject({ verification: { token: 'a token' } })

    const done = await it.store.register(tenant, call, inTime())
    expect(done).toMatchObject({ registration: { email: call.email } })
    it.clock.ms += 5
    expect(await it.store.register(tenant, call, inTime() - 5)).toEqual(done)
  })

  test('a step of the sweep', async () => {
    const tenant = it.tenant()
    const { partition } = parseIdentityId(
      it.store.context,
      (await register(it.store, tenant)).identityId,
    ) ?? { partition: 0 }
    it.clock.ms += 25 * 3_600_000
    const step = (deadline: number) =>
      runMaintenance(
        it.store.context,
        scripts.sweep,
        { tenantId: tenant.id, partition },
        { now: it.clock.ms, mostSeconds: 1000, mostMembers: 500, rollUpDelayMs: 0 },
        deadline,
      )
    await isRefused(() => step(late()))
    it.clock.ms -= 25 * 3_600_000
    it.clock.ms += 1_000_000
    expect((await step(inTime())).expired).toHaveLength(1)
  })

  test('verify, with the number alone and bound to its address', async () => {
    const tenant = it.tenant()
    const { number, email } = await register(it.store, tenant)
    const call = { tenantId: tenant.id, requestId: randomUUID(), number, email }
    const { email: _, ...alone } = call
    await isRefused(() => it.store.verify(tenant, call, late()))
    await isRefused(() => it.store.verify(tenant, { ...alone, clientIp: '192.0.2.1' }, late()))
    await isRefused(() => it.store.verify(tenant, { ...alone, number: '123456789012' }, late()))

    const done = await it.store.verify(tenant, call, inTime())
    expect(done).toMatchObject({ verification: { token: 'a token' } })
    it.clock.ms += 5
    expect(await it.store.verify(tenant, call, inTime() - 5)).toEqual(done)
  })

  test('resend', async () => {
    const tenant = it.tenant()
    const { identityId } = await register(it.store, tenant)
    const call = { tenantId: tenant.id, requestId: randomUUID(), identityId }
    await isRefused(() => it.store.resend(tenant, call, late()))
    const done = await it.store.resend(tenant, call, inTime())
    it.clock.ms += 5
    expect(await it.store.resend(tenant, call, inTime() - 5)).toEqual(done)
  })

  test('revoke and refuse', async () => {
    const { identityId } = await register(it.store, it.tenant())
    const { identities } = it.store
    await isRefused(() => identities.revoke(identityId, { deadline: late() }))
    await isRefused(() => identities.refuse(identityId, { deadline: late() }))
    expect(await identities.refuse(identityId, { deadline: inTime() })).toBe(true)
    expect(await identities.revoke(identityId, { deadline: late() }), 'it is gone').toBe(false)
  })
})
