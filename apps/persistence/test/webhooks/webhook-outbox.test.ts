import { OUTBOX_EVENTS_MAX, OUTBOX_LEASE_SECONDS, type Outbox } from '@emailauth/contracts/webhooks'
import { redisCommand } from '@emailauth/testing/redis-command'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MOST_EVENTS, MOST_UNDELIVERED_EVENTS } from '../../src/store/partition.ts'
import { addCopies } from '../events/stream-copies.ts'
import { openService, type TestService } from '../service.ts'

let listener: TestService
let tenants = 0
beforeAll(async () => {
  listener = await openService()
})
afterAll(() => listener?.close())

type Entry = Outbox['entries'][number]

/** A tenant of its own with an endpoint; what other tests left is acknowledged. */
async function hooked(more: object = {}) {
  tenants += 1
  const tenantId = `outbox-${tenants}`
  const rates = { mailsPerAddress: [{ max: 1000, windowSeconds: 1 }] }
  await listener.call('POST', '/v1/tenants', { id: tenantId, name: 'x', settings: rates })
  const addEndpoint = async (of: object = {}): Promise<string> =>
    (await listener.call('POST', '/v1/webhooks', { tenantId, url: 'https://a.example/', ...of })).body
      .endpoint.id
  const id = await addEndpoint(more)
  const entry = await entryOf(tenantId)
  if (entry !== undefined) await acknowledge(entry)
  return { tenantId, id, addEndpoint, register: (email?: string) => listener.register(tenantId, email) }
}

const lease = async (): Promise<Outbox> => (await listener.call('POST', '/v1/webhook-outbox/lease')).body
const entryOf = async (tenantId: string): Promise<Entry | undefined> =>
  (await lease()).entries.find((entry) => entry.tenantId === tenantId)
const acknowledge = ({ tenantId, lease: name, cursor, webhooks }: Entry) =>
  listener.call('POST', '/v1/webhook-outbox/acknowledge', {
    entries: [
      { tenantId, lease: name, cursor, versions: webhooks.map(({ id, version }) => ({ id, version })) },
    ],
    deleted: [],
  })
const typesOf = (entry: Entry | undefined) => entry?.events.map(({ event }) => event.type) ?? []
/** A gateway died: nobody has a lease any more. */
const endLeases = (tenantId: string) =>
  redisCommand(Number(new URL(listener.it.url).port), 'HDEL', `ea:{${tenantId}:webhooks}:outbox`, 'until')

test('events are handed out once, and again until they are acknowledged', async () => {
  const { tenantId, id, register } = await hooked()
  expect(await entryOf(tenantId), 'nothing has happened').toBeUndefined()
  await register('ada@example.com')
  const first = (await entryOf(tenantId)) as Entry
  expect(first.events).toMatchObject([{ event: { type: 'registered', email: 'ada@example.com' }, to: [id] }])
  expect(first.webhooks).toMatchObject([{ id, enabled: true }])
  expect(await entryOf(tenantId), 'somebody else has it').toBeUndefined()
  await endLeases(tenantId)
  const again = (await entryOf(tenantId)) as Entry
  expect(again.events).toEqual(first.events)
  // The first gateway comes too late; the second one's acknowledgement counts.
  await acknowledge(first)
  await endLeases(tenantId)
  const third = (await entryOf(tenantId)) as Entry
  expect(typesOf(third)).toEqual(['registered'])
  await acknowledge(third)
  expect(await entryOf(tenantId)).toBeUndefined()
})

test('a lease lasts fifteen seconds', async () => {
  expect(OUTBOX_LEASE_SECONDS).toBe(15)
  const { tenantId, register } = await hooked()
  await register()
  const before = Date.now()
  await entryOf(tenantId)
  const until = Number(await listener.it.redis.hget(`ea:{${tenantId}:webhooks}:outbox`, 'until'))
  expect(until - before).toBeGreaterThan(10_000)
  expect(until - Date.now()).toBeLessThanOrEqual(15_000)
})

test('an endpoint gets its types only, from when it was made, and not while it is disabled', async () => {
  const { tenantId, id, addEndpoint, register } = await hooked({ eventTypes: ['expired', 'revoked'] })
  const { body } = await register()
  const later = await addEndpoint()
  await listener.call('DELETE', `/v1/identities/${body.identityId}`)
  const entry = (await entryOf(tenantId)) as Entry
  expect(entry.events).toMatchObject([{ event: { type: 'revoked' }, to: [id, later].sort() }].map(sorted))
  await acknowledge(entry)
  await listener.call('PATCH', `/v1/webhooks/${later}`, { enabled: false })
  await acknowledge((await entryOf(tenantId)) as Entry)
  await register()
  expect(await entryOf(tenantId), 'it is for nobody').toBeUndefined()
  await listener.call('PATCH', `/v1/webhooks/${later}`, { enabled: true })
  await register()
  expect((await entryOf(tenantId))?.events).toMatchObject([{ event: { type: 'registered' }, to: [later] }])
})

const sorted = (one: { event: object; to: string[] }) => ({ ...one, to: expect.arrayContaining(one.to) })

test('a change of an endpoint is handed over, also where nothing happens; one that comes in between too', async () => {
  const { tenantId, id } = await hooked()
  await listener.call('PATCH', `/v1/webhooks/${id}`, { url: 'https://b.example/' })
  const entry = (await entryOf(tenantId)) as Entry
  expect(entry).toMatchObject({ events: [], webhooks: [{ id, version: 2 }] })
  await listener.call('PATCH', `/v1/webhooks/${id}`, { url: 'https://c.example/' })
  await acknowledge(entry)
  const next = (await entryOf(tenantId)) as Entry
  expect(next.webhooks).toMatchObject([{ id, version: 3 }])
  await acknowledge(next)
  expect(await entryOf(tenantId)).toBeUndefined()
})

test('a long backlog comes in pages, in order and without gaps', async () => {
  expect(OUTBOX_EVENTS_MAX).toBe(500)
  const { tenantId, register } = await hooked()
  const ids: string[] = []
  for (let round = 0; round < 5; round++) {
    const made = await Promise.all(Array.from({ length: 90 }, () => register()))
    ids.push(...made.map(({ body }) => body.identityId))
  }
  const seen: string[] = []
  const cursors: string[] = []
  for (let page = await entryOf(tenantId); page !== undefined; page = await entryOf(tenantId)) {
    expect(page.events.length).toBeLessThanOrEqual(200)
    seen.push(...page.events.map(({ event }) => String(event.identityId)))
    cursors.push(...page.events.map(({ event }) => event.cursor))
    await acknowledge(page)
  }
  expect([...seen].sort()).toEqual([...ids].sort())
  expect(cursors).toEqual([...cursors].sort())
})

test('endpoints with long URLs come in parts that the mailer takes, and all of them come', async () => {
  const url = `https://a.example/${'x'.repeat(2000)}`
  const made: string[] = []
  for (let tenant = 0; tenant < 15; tenant++) {
    const tenantId = `long-${tenant}`
    const actor = { 'x-emailauth-actor': `admin ada${tenant}%40example.com` }
    await listener.call('POST', '/v1/tenants', { id: tenantId, name: 'x' }, actor)
    const calls = Array.from({ length: 20 }, () =>
      listener.call('POST', '/v1/webhooks', { tenantId, url }, actor),
    )
    for (const { body } of await Promise.all(calls)) made.push(body.endpoint.id)
  }
  const seen = new Set<string>()
  for (let { entries } = await lease(); entries.length > 0; { entries } = await lease()) {
    const endpoints = entries.flatMap(({ webhooks }) => webhooks)
    expect(endpoints.length).toBeLessThan(220)
    expect(JSON.stringify(entries).length).toBeLessThan(1_000_000)
    for (const { id } of endpoints) seen.add(id)
    for (const entry of entries) await acknowledge(entry)
  }
  expect([...seen]).toEqual(expect.arrayContaining(made))
})

test('a lease takes 50 tenants, and the next one those that are left', async () => {
  const ids: string[] = []
  for (let tenant = 0; tenant < 51; tenant++) {
    const tenantId = `many-${tenant}`
    const actor = { 'x-emailauth-actor': `admin grace${tenant}%40example.com` }
    await listener.call('POST', '/v1/tenants', { id: tenantId, name: 'x' }, actor)
    await listener.call('POST', '/v1/webhooks', { tenantId, url: 'https://a.example/' }, actor)
    ids.push(tenantId)
  }
  const [first, second] = [(await lease()).entries, (await lease()).entries]
  expect(first).toHaveLength(50)
  // Tenants of other tests may be among them.
  expect([...first, ...second].map(({ tenantId }) => tenantId)).toEqual(expect.arrayContaining(ids))
  // Leases of these entries would end after 15 s, and fill those of the tests that follow.
  for (const entry of [...first, ...second]) await acknowledge(entry)
})

test('a tenant without endpoints is not looked at any more', async () => {
  const { tenantId, id } = await hooked()
  await listener.call('DELETE', `/v1/webhooks/${id}`)
  await lease()
  const scoreOf = () => listener.it.redis.zscore('ea:webhooks:tenants', tenantId)
  expect(await scoreOf(), 'an endpoint may just be being made').not.toBeNull()
  listener.it.clock.ms += 60_001
  await lease()
  expect(await scoreOf()).toBeNull()
  expect(await listener.it.redis.keys(`ea:{${tenantId}:webhooks}:*`)).toEqual([])
})

test('events wait for the mailer untrimmed; once it has them the stream has its usual length', async () => {
  expect([MOST_EVENTS, MOST_UNDELIVERED_EVENTS]).toEqual([10_000, 500_000])
  const { tenantId, register } = await hooked()
  const stream = `ea:{${tenantId}:00}:events`
  const { redis } = listener.it
  await register()
  const [[, fields] = ['', []]] = await redis.xrangeBuffer(stream, '-', '+', 'COUNT', 1)
  await addCopies(redis, stream, fields, 21_000)
  await register()
  expect(await redis.xlen(stream), 'a rule has trimmed nothing').toBe(21_002)
  let events = 0
  for (let page = await entryOf(tenantId); page !== undefined; page = await entryOf(tenantId)) {
    events += page.events.length
    await acknowledge(page)
  }
  expect(events).toBe(21_002)
  expect(await redis.xlen(stream)).toBeLessThan(12_000)
  expect(await redis.xlen(stream)).toBeGreaterThanOrEqual(10_000)
})

test('one event is found by its cursor, by its tenant alone', async () => {
  const { tenantId, register } = await hooked()
  await register('grace@example.com')
  const { event } = ((await entryOf(tenantId)) as Entry).events[0] as Entry['events'][number]
  const at = (of: string, cursor: string) => listener.call('GET', `/v1/tenants/${of}/events/${cursor}`)
  expect((await at(tenantId, event.cursor)).body).toEqual(event)
  expect((await at('demo', event.cursor)).status).toBe(404)
  expect((await at(tenantId, event.cursor.replace(/^..../, '0000'))).status).toBe(404)
  expect((await at(tenantId, '0')).status).toBe(404)
})

test('however many endpoints were deleted, a lease reads some of them, and all come in time', async () => {
  const { redis } = listener.it
  const ids = Array.from({ length: 20_000 }, (_, at) => `demo.wh_${String(at).padStart(16, '0')}`)
  await redis.hset('ea:webhooks:deleted', Object.fromEntries(ids.map((id) => [id, 0])))
  const sentBytes = async () =>
    Number(/total_net_output_bytes:(\d+)/.exec(await redis.info('stats'))?.[1] ?? Number.NaN)
  const before = await sentBytes()
  const { deleted } = await lease()
  expect((await sentBytes()) - before).toBeLessThan(200_000)
  expect(deleted.length).toBeGreaterThan(0)
  expect(deleted.length).toBeLessThanOrEqual(200)
  await redis.hdel('ea:webhooks:deleted', ...ids.slice(0, 19_000))
  const left = new Set<string>()
  for (let found = (await lease()).deleted; found.length > 0; found = (await lease()).deleted) {
    for (const id of found) left.add(id)
    await listener.call('POST', '/v1/webhook-outbox/acknowledge', { entries: [], deleted: found })
  }
  for (const id of ids.slice(19_000)) expect(left).toContain(id)
})
