import { randomUUID } from 'node:crypto'
import type { DeliveryReport } from '@emailauth/contracts/events'
import type { Tenant } from '@emailauth/contracts/tenants'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { register } from './calls.ts'
import { SERVERS } from './servers.ts'
import { openTestStore, type TestStore } from './store.ts'

describe.each(SERVERS)('how mails fared, on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())

  /** Registers once, reports outcomes of its mails, and answers the recorded events. */
  async function start() {
    const created = await it.store.tenants.create({
      id: `t${randomUUID().slice(0, 8)}`,
      name: 'x',
      settings: { mailsPerAddress: [{ max: 1000, windowSeconds: 1 }] },
    })
    const { tenant } = created as { tenant: Tenant }
    const { identityId } = await register(it.store, tenant)
    const page = () => it.store.events.page({ tenantId: tenant.id, audit: false, first: 200 })
    return {
      tenant,
      identityId,
      report: (...reports: [type: DeliveryReport['type'], messageId?: string][]) =>
        it.store.reportDeliveries(
          reports.map(([type, messageId]) => ({ type, identityId, ...(messageId && { messageId }) })),
        ),
      types: async () => (await page()).events.reverse().map(({ type }) => type),
    }
  }

  test('a deferred mail is recorded as sent once, whoever reports it and however often', async () => {
    const { report, types } = await start()
    await report(['deferred', 'm1'])
    await Promise.all(Array.from({ length: 20 }, () => report(['sent', 'm1'], ['sent', 'm1'])))
    // A repeated register reports the same mail again, which is not new.
    await report(['sent'], ['deferred', 'm1'])
    expect(await types()).toEqual(['registered', 'deferred', 'sent'])
  })

  test('two mails of one identity are distinguished: the second was sent before the first', async () => {
    const { tenant, identityId, report, types } = await start()
    await report(['deferred', 'm1'])
    await it.store.resend(tenant, { tenantId: tenant.id, requestId: 'r', identityId })
    await report(['sent'])
    await report(['sent', 'm1'])
    await report(['sent', 'm1'])
    expect(await types()).toEqual(['registered', 'deferred', 'resent', 'sent', 'sent'])
  })

  test('an outcome from the send call is not recorded again from the retry queue', async () => {
    const { report, types } = await start()
    await report(['sent'])
    await report(['sent', 'm1'])
    expect(await types()).toEqual(['registered', 'sent'])
  })

  test('without a report of the deferral the final outcome is still recorded', async () => {
    const { report, types } = await start()
    await report(['sent', 'm1'])
    await report(['sent', 'm1'], ['sent'])
    expect(await types()).toEqual(['registered', 'sent'])
  })

  test('a bounced mail is recorded once, also for an identity that has ended', async () => {
    const { identityId, report, types } = await start()
    await report(['sent'])
    await report(['bounced', 'm1'])
    await it.store.identities.revoke(identityId, { actor: { kind: 'api-key', id: 'abc' } })
    await report(['bounced', 'm1'])
    await report(['bounced', 'm2'])
    expect(await types()).toEqual(['registered', 'sent', 'bounced', 'revoked', 'bounced'])
  })

  test('a refusal later ends the identity and refunds the mail, once', async () => {
    const { identityId, report, types } = await start()
    await report(['deferred', 'm1'])
    await Promise.all([report(['rejected', 'm1']), report(['rejected', 'm1'])])
    expect(await it.store.identities.byId(identityId)).toBeUndefined()
    expect(await types()).toEqual(['registered', 'deferred', 'rejected'])
  })
})
