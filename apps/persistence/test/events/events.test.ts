import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { register, verify } from '../calls.ts'
import { EVERY_SERVER } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { counted, eventsOf, MINUTE_MS, madeTenant, sweep, typesAndIds } from './recorded-events.ts'

describe.each(EVERY_SERVER)('events on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  test('each event is recorded once and counted once, also when a call is repeated', async () => {
    const tenant = await madeTenant(it, { verification: 'BOUND', boundTries: 2 })
    const requestId = randomUUID()
    const first = await register(it.store, tenant, { requestId })
    await register(it.store, tenant, { requestId })
    const second = await register(it.store, tenant)
    await it.store.resend(tenant, { tenantId: tenant.id, requestId: 'r', identityId: second.identityId })
    await it.store.resend(tenant, { tenantId: tenant.id, requestId: 'r', identityId: second.identityId })
    const bound = { email: 'ada@example.com', requestId: randomUUID() }
    it.clock.ms += 25_000
    await verify(it.store, tenant, '1234', { email: 'ada@example.com', requestId: 'wrong' })
    await verify(it.store, tenant, '1234', { email: 'ada@example.com', requestId: 'wrong' })
    await verify(it.store, tenant, second.number, bound)
    await verify(it.store, tenant, second.number, bound)
    const burned = await register(it.store, tenant)
    for (let i = 0; i < 2; i++) await verify(it.store, tenant, '1234', { identityId: burned.identityId })
    const revoked = await register(it.store, tenant)
    await it.store.identities.revoke(revoked.identityId, { actor: { kind: 'api-key', id: 'abc' } })
    const refused = await register(it.store, tenant)
    await it.store.identities.refuse(refused.identityId)

    const events = await eventsOf(it, tenant)
    expect(typesAndIds(events)).toEqual([
      ['registered', first.identityId],
      ['replaced', first.identityId],
      ['registered', second.identityId],
      ['resent', second.identityId],
      ['missed', second.identityId],
      ['verified', second.identityId],
      ['registered', burned.identityId],
      ['missed', burned.identityId],
      ['missed', burned.identityId],
      ['burned', burned.identityId],
      ['registered', revoked.identityId],
      ['revoked', revoked.identityId],
      ['registered', refused.identityId],
      ['rejected', refused.identityId],
    ])
    expect(events[0]?.email).toBe('ada@example.com')
    expect(events[11]?.actor).toEqual({ kind: 'api-key', id: 'abc' })
    expect(await counted(it, tenant, 'minute', it.clock.ms - MINUTE_MS)).toEqual({
      registered: 5,
      replaced: 1,
      resent: 1,
      missed: 3,
      verified: 1,
      burned: 1,
      revoked: 1,
      rejected: 1,
      'wait 3': 1,
    })
  })

  test('a refusal by a limit is counted and not recorded', async () => {
    const tenant = await madeTenant(it, { mailsPerAddress: [{ max: 1, windowSeconds: 600 }] })
    await register(it.store, tenant)
    await expect(register(it.store, tenant)).rejects.toThrow('rate-limited')
    expect((await eventsOf(it, tenant)).map(({ type }) => type)).toEqual(['registered'])
    expect(await counted(it, tenant)).toEqual({ registered: 1, limited: 1 })
  })

  test('a delivery outcome is recorded once, and again after a resend; the tries stay the same', async () => {
    const tenant = await madeTenant(it, { verification: 'BOUND', boundTries: 2 })
    const { identityId, number } = await register(it.store, tenant)
    const sent = { type: 'sent', identityId } as const
    await it.store.reportDeliveries([sent, sent])
    await it.store.reportDeliveries([
      sent,
      { type: 'sent', identityId: `nobody.${identityId.split('.')[1]}` },
    ])
    await verify(it.store, tenant, '1234', { identityId })
    await it.store.resend(tenant, { tenantId: tenant.id, requestId: 'r', identityId })
    await it.store.reportDeliveries([{ type: 'deferred', identityId }])
    expect(await verify(it.store, tenant, number, { identityId })).toHaveProperty('verification')
    expect((await eventsOf(it, tenant)).map(({ type }) => type)).toEqual([
      'registered',
      'sent',
      'missed',
      'resent',
      'deferred',
      'verified',
    ])
    expect(await it.store.events.page({ tenantId: 'nobody', audit: false, first: 1 })).toMatchObject({
      events: [],
    })
  })

  test('an expired identity is recorded once, however many sweep', async () => {
    const tenant = await madeTenant(it)
    const { identityId } = await register(it.store, tenant, { expiresInSeconds: 60 })
    it.clock.ms += 63_000
    await Promise.all([sweep(it), sweep(it), sweep(it)])
    await register(it.store, tenant)
    expect(typesAndIds(await eventsOf(it, tenant)).filter(([type]) => type === 'expired')).toEqual([
      ['expired', identityId],
    ])
  })
})
