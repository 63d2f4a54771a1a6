import { randomUUID } from 'node:crypto'
import type { DeliveryReport } from '@emailauth/contracts/events'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { register } from '../calls.ts'
import { SERVERS, takesManyCalls } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { sweep } from './recorded-events.ts'

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

  test('a deferred mail is recorded as sent once, by any reporter and however often', async () => {
    const { report, types } = await start()
    await report(['deferred', 'm1'])
    await Promise.all(Array.from({ length: 20 }, () => report(['sent', 'm1'], ['sent', 'm1'])))
    // A repeated register reports the same mail again, which is not new.
    await report(['sent'], ['deferred', 'm1'])
    expect(await types()).toEqual(['registered', 'deferred', 'sent'])
  })

  test('an event keeps the relay, its reply and the reason, sealed, also of a refusal that ends the identity', async () => {
    const { tenant, identityId } = await start()
    const relay = 'smtp.example.net:587'
    const ended = (await register(it.store, tenant, { email: 'gone@example.com' })).identityId
    await it.store.reportDeliveries([
      {
        type: 'deferred',
        identityId,
        messageId: 'm1',
        relay,
        reply: '451 4.7.1 try later',
        reason: 'temporary',
      },
      { type: 'sent', identityId, messageId: 'm1', relay, reply: '250 Ok: queued as 4Tq' },
      { type: 'rejected', identityId: ended, relay, reply: '550 5.1.1 no such user', reason: 'recipient' },
      { type: 'bounced', identityId, messageId: 'm1', reason: 'mailbox-full' },
    ])
    const { events } = await it.store.events.page({ tenantId: tenant.id, audit: false, first: 200 })
    const answers = Object.fromEntries(
      events.map(({ type, ...event }) => [type, [event.relay, event.reply, event.reason]]),
    )
    expect(answers).toEqual({
      registered: [null, null, null],
      deferred: [relay, '451 4.7.1 try later', 'temporary'],
      sent: [relay, '250 Ok: queued as 4Tq', null],
      rejected: [relay, '550 5.1.1 no such user', 'recipient'],
      bounced: [null, null, 'mailbox-full'],
    })
    if (server !== 'redis-server') return
    const [key = ''] = await (it.redis as Redis).keys(`*${tenant.id}*events`)
    const stored = JSON.stringify(await (it.redis as Redis).xrange(key, '-', '+'))
    expect(stored).not.toMatch(/example\.net|queued|no such user|mailbox-full/)
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

  test('the time to deliver counts from the registration, and from the resend of what is mailed again', async () => {
    const { tenant, identityId, report } = await start()
    const begun = it.clock.ms
    const classes = async () => {
      const from = new Date(begun).toISOString()
      const to = new Date(begun + 240_000).toISOString()
      const read = await it.store.readStatistics({ tenantId: tenant.id, from, to, step: 'minute' })
      const sums = read.deliveryBoundsSeconds.map((_, at) =>
        read.buckets.reduce((sum, { deliveries }) => sum + (deliveries[at] ?? 0), 0),
      )
      return sums.flatMap((count, at) => (count === 0 ? [] : [[read.deliveryBoundsSeconds[at], count]]))
    }
    it.clock.ms = begun + 700
    await report(['sent'])
    expect(await classes()).toEqual([[1, 1]])
    it.clock.ms = begun + 120_000
    await it.store.resend(tenant, { tenantId: tenant.id, requestId: 'r', identityId })
    it.clock.ms = begun + 124_000
    await report(['sent'], ['sent'])
    expect(await classes()).toEqual([
      [1, 1],
      [5, 1],
    ])
    // The moment of the resend expires with the number. Only this server lets a test list keys of one node.
    if (server === 'redis-server') {
      const [key = ''] = await it.redis.keysBuffer(`*${tenant.id}:*}:s:*`)
      const ttlMs = await it.redis.pttl(key)
      expect(ttlMs).toBeGreaterThan(0)
      expect(ttlMs).toBeLessThanOrEqual((tenant.settings.ttlSeconds + 60) * 1000)
    }
    it.clock.ms = begun
  })

  test.runIf(takesManyCalls(server))(
    'problems are counted by reason, as often as their events, also in hours that are rolled up',
    async () => {
      const { tenant, identityId } = await start()
      const begun = it.clock.ms
      const another = async (email: string) => (await register(it.store, tenant, { email })).identityId
      const [second, third] = [await another('b@example.com'), await another('c@example.com')]
      const [ended, unknown] = [await another('gone@example.com'), await another('odd@example.com')]
      const reports: DeliveryReport[] = [
        { type: 'deferred', identityId, messageId: 'm1', reason: 'blocked' },
        { type: 'deferred', identityId: second, messageId: 'm2', reason: 'blocked' },
        { type: 'deferred', identityId: third, messageId: 'm3' },
        { type: 'bounced', identityId, messageId: 'm1', reason: 'mailbox-full' },
        { type: 'sent', identityId: second, messageId: 'm2' },
        { type: 'rejected', identityId: ended, reason: 'recipient' },
        { type: 'rejected', identityId: unknown },
      ]
      await it.store.reportDeliveries(reports)
      await it.store.reportDeliveries(reports)
      const read = async (step: 'minute' | 'hour') => {
        const from = new Date(begun).toISOString()
        const to = new Date(begun + 60_000).toISOString()
        const { buckets } = await it.store.readStatistics({ tenantId: tenant.id, from, to, step })
        const problems = buckets.flatMap((bucket) => bucket.problems)
        const events = buckets.flatMap(({ counts }) =>
          (['deferred', 'bounced', 'rejected'] as const).map((event) => counts[event] ?? 0),
        )
        return {
          problems: problems.map(({ event, reason, count }) => `${event} ${reason} ${count}`).sort(),
          events: events.reduce((sum, count) => sum + count, 0),
        }
      }
      const counted = {
        problems: [
          'bounced mailbox-full 1',
          'deferred blocked 2',
          'deferred other 1',
          'rejected other 1',
          'rejected recipient 1',
        ],
        events: 6,
      }
      expect(await read('minute')).toEqual(counted)
      it.clock.ms = begun + 2 * 3_600_000
      await sweep(it)
      expect(await read('hour')).toEqual(counted)
      it.clock.ms = begun
    },
  )

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
