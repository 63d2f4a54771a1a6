import { randomBytes } from 'node:crypto'
import type { Event } from '@emailauth/contracts/events'
import type { WebhookAttempt, WebhookState } from '@emailauth/contracts/webhook-deliveries'
import type { SealedWebhook } from '@emailauth/contracts/webhooks'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { type Receiver, startReceiver } from '@emailauth/testing/webhook-receiver'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  CONFIG_KEPT_MS,
  DEFAULT_WEBHOOK_LIMITS,
  WAITING_KEPT_MS,
  type WebhookLimits,
} from '../src/webhooks/limits.ts'
import { resealWebhookEvents } from '../src/webhooks/reseal-events.ts'
import { keyRing, type RunningMailer, runMailer } from './running-mailer.ts'
import { anEvent, aWebhook, handOver, newIdentity, newSecret, newWebhookId } from './webhook-events.ts'

const DAY_MS = 86_400_000
/** An hour of the schedule is a second here. */
const FASTER = 3600
const FAST: Partial<WebhookLimits> = {
  scheduleMs: DEFAULT_WEBHOOK_LIMITS.scheduleMs.map((ms) => ms / FASTER),
  leaseMs: 1000,
  timeoutMs: 500,
}

let redis: TestRedis
let smtp: TestSmtp
let mailer: RunningMailer
let receiver: Receiver
let secret: string
let webhook: SealedWebhook

beforeAll(async () => {
  redis = await startRedis()
  smtp = await startSmtp()
})
afterAll(async () => {
  await smtp?.stop()
  await redis?.stop()
})
beforeEach(async () => {
  secret = newSecret()
  receiver = await startReceiver([secret])
  webhook = aWebhook(receiver.url, [secret])
  mailer = await start(FAST)
  await mailer.redis.flushall()
})
afterEach(async () => {
  await mailer?.close()
  await receiver?.stop()
})

const start = (limits: Partial<WebhookLimits>) =>
  runMailer(redis.url, smtp.url, { webhooks: { allowPrivate: true, allowPlaintext: true, limits } })
const restartWith = async (limits: Partial<WebhookLimits>) => {
  await mailer.close()
  mailer = await start({ ...FAST, ...limits })
}
const give = async (events: readonly Event[], to: SealedWebhook = webhook) =>
  expect((await mailer.post('/v1/webhooks/hand-over', handOver(to, events))).statusCode).toBe(204)
const attempts = async (query = 'first=200'): Promise<WebhookAttempt[]> =>
  (await mailer.get(`/v1/webhooks/${webhook.id}/attempts?${query}`)).json().attempts
const state = async (): Promise<WebhookState> =>
  (await mailer.post('/v1/webhooks/states', { ids: [webhook.id] })).json().states[0]
const failures = async () => (await mailer.get('/v1/webhooks/failures')).json().failures
const replay = async (body: object) =>
  (await mailer.post(`/v1/webhooks/${webhook.id}/replays`, { webhook, ...body })).json().eventIds
const key = (suffix: string) => `ea:mail:{webhook:${webhook.id}}:${suffix}`
const idsReceived = () => receiver.received.map(({ id }) => id)

test('an event is posted once, signed as the scheme says, though it is handed over twice', async () => {
  const event = anEvent({ type: 'misses.high', identityId: null, email: null })
  await give([event])
  await give([event])
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 0 }))
  await give([event])
  expect(idsReceived()).toEqual([event.cursor])
  const [came] = receiver.received
  expect(came?.verified).toEqual([true])
  expect(came?.headers['content-type']).toBe('application/json')
  expect(came?.body).toEqual({
    id: event.cursor,
    type: 'MISSES_HIGH',
    timestamp: event.at,
    data: { tenantId: 'demo', identityId: null, email: null, actor: null, target: null },
  })
  expect(await attempts()).toMatchObject([
    {
      eventId: event.cursor,
      type: 'MISSES_HIGH',
      attempt: 1,
      outcome: 'delivered',
      status: 204,
      error: null,
    },
  ])
  expect((await state()).lastSuccessAt).not.toBeNull()
})

test('a receiver that is gone for an hour gets each event once after dedupe, and in order for each identity', async () => {
  const identities = Array.from({ length: 12 }, newIdentity)
  const events = ['registered', 'sent', 'missed', 'verified'].flatMap((type) =>
    identities.map((identityId) => anEvent({ type: type as Event['type'], identityId })),
  )
  await give(events.slice(0, 20))
  await eventually(() => expect(receiver.received.length).toBeGreaterThan(5))
  await receiver.stop()
  await give(events.slice(20))
  // The seventh attempt comes 1 h 43 min after the first.
  await eventually(async () => {
    expect(Math.max(...(await attempts()).map(({ attempt }) => attempt))).toBeGreaterThanOrEqual(7)
  }, 60_000)
  await receiver.start()
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 0 }), 60_000)
  const once = [...new Map(receiver.received.map((came) => [came.id, came])).values()]
  expect(once.map(({ id }) => id).sort()).toEqual(events.map(({ cursor }) => cursor).sort())
  for (const identityId of identities) {
    const own = once.filter(({ body }) => body.data.identityId === identityId)
    expect(own.map(({ body }) => body.type)).toEqual(['REGISTERED', 'SENT', 'MISSED', 'VERIFIED'])
  }
  expect(receiver.received.every(({ verified }) => verified[0])).toBe(true)
}, 150_000)

test('an event that fails holds up the later ones of its identity, and nobody else’s', async () => {
  const [bad, good] = [newIdentity(), newIdentity()]
  const poison = anEvent({ identityId: bad })
  const later = anEvent({ identityId: bad, type: 'verified' })
  const others = [anEvent({ identityId: good }), anEvent({ identityId: good, type: 'verified' })]
  receiver.answer = ({ id }) => (id === poison.cursor ? 500 : 200)
  await give([poison, later, ...others])
  await eventually(() =>
    expect(idsReceived()).toEqual(expect.arrayContaining(others.map(({ cursor }) => cursor))),
  )
  await eventually(() => expect(idsReceived().filter((id) => id === poison.cursor).length).toBeGreaterThan(2))
  expect(idsReceived()).not.toContain(later.cursor)
  // The schedule ends, the event is given up, and the next one has its turn.
  await eventually(() => expect(idsReceived()).toContain(later.cursor), 60_000)
  expect(idsReceived().filter((id) => id === poison.cursor)).toHaveLength(10)
  expect(await state()).toMatchObject({ waiting: 0, failed: 1 })
  const log = (await attempts()).filter(({ eventId }) => eventId === poison.cursor)
  expect(log.at(0)).toMatchObject({ attempt: 10, outcome: 'failed', status: 500, nextAttemptAt: null })
  expect(log.at(-1)).toMatchObject({ attempt: 1, outcome: 'retrying', error: 'It answered 500.' })
  receiver.answer = () => 200
  expect(await replay({ since: new Date(Date.now() - 3_600_000).toISOString() })).toEqual([poison.cursor])
  await eventually(async () =>
    expect(await state()).toMatchObject({ waiting: 0, failed: 0, failingSince: null }),
  )
}, 90_000)

test('in an overlap both secrets sign, afterwards the newest alone', async () => {
  const old = newSecret()
  receiver.secrets = [secret, old]
  const until = (ms: number) => new Date(Date.now() + ms).toISOString()
  const { id } = webhook
  await give([anEvent()], aWebhook(receiver.url, [secret, { secret: old, until: until(60_000) }], { id }))
  await eventually(() => expect(receiver.received).toHaveLength(1))
  expect(receiver.received[0]?.verified).toEqual([true, true])
  expect(String(receiver.received[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2)
  const after = aWebhook(receiver.url, [secret, { secret: old, until: until(-1) }], { id, version: 2 })
  await give([anEvent()], after)
  await eventually(() => expect(receiver.received).toHaveLength(2))
  expect(receiver.received[1]?.verified).toEqual([true, false])
})

test('a change of the endpoint holds for what waits; an older version changes nothing', async () => {
  const gone = await startReceiver()
  await gone.stop()
  const { id } = webhook
  await give([anEvent()], aWebhook(gone.url, [secret], { id }))
  await eventually(async () => expect((await attempts()).length).toBeGreaterThan(0))
  await give([], aWebhook(receiver.url, [secret], { id, version: 3 }))
  await give([], aWebhook(gone.url, [secret], { id, version: 2 }))
  await eventually(() => expect(receiver.received).toHaveLength(1), 20_000)
})

test('what waits for an endpoint that is disabled is given up, and can be sent again once it is enabled', async () => {
  receiver.answer = () => 503
  receiver.headers['retry-after'] = '3600'
  const events = [anEvent(), anEvent(), anEvent()]
  await give(events)
  await eventually(async () => expect(await attempts()).toHaveLength(3))
  const [first] = await attempts()
  // The receiver asked for an hour.
  expect(Date.parse(first?.nextAttemptAt ?? '') - Date.now()).toBeGreaterThan(3_500_000)
  await give([], { ...webhook, version: 2, enabled: false })
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 3 }))
  expect(receiver.received).toHaveLength(3)
  receiver.answer = () => 200
  webhook = { ...webhook, version: 3 }
  await give([])
  expect((await state()).failingSince).toBeNull()
  const [one] = events as [Event]
  expect(
    await replay({ eventIds: [one.cursor, 'unknown-00000000-x'.replace('unknown', '000000000000')] }),
  ).toEqual([one.cursor])
  await eventually(() => expect(receiver.received).toHaveLength(4))
  // One that was delivered is sent again too, when it is given.
  expect(await replay({ events: [one] })).toEqual([one.cursor])
  await eventually(() => expect(receiver.received).toHaveLength(5))
  expect(idsReceived().slice(3)).toEqual([one.cursor, one.cursor])
})

test('an endpoint to which nothing gets through for days is to be disabled; one that is gone at once', async () => {
  expect(DEFAULT_WEBHOOK_LIMITS.disableAfterMs).toBe(5 * DAY_MS)
  receiver.answer = () => 500
  await give([anEvent()])
  await eventually(async () => expect((await attempts()).length).toBeGreaterThan(3))
  expect(await failures()).toEqual([])
  await restartWith({ disableAfterMs: 1 })
  await eventually(
    async () => expect(await failures()).toEqual([{ id: webhook.id, version: 1, reason: 'failing' }]),
    20_000,
  )
  expect(await mailer.redis.pttl('ea:mail:{webhook-failures}')).toBeGreaterThan(7 * DAY_MS - 60_000)
  await give([], { ...webhook, version: 2, enabled: false })
  await eventually(async () => expect((await state()).waiting).toBe(0))
  await mailer.post('/v1/webhooks/failures/acknowledge', {
    failures: [{ id: webhook.id, version: 1 }],
  })
  expect(await failures()).toEqual([])
  receiver.answer = () => 410
  const other = aWebhook(receiver.url, [secret])
  await give([anEvent()], other)
  await eventually(async () =>
    expect(await failures()).toEqual([{ id: other.id, version: 1, reason: 'gone' }]),
  )
})

test('a receiver that hangs or redirects gets the event again; nothing follows the redirect', async () => {
  const elsewhere = await startReceiver()
  receiver.headers.location = elsewhere.url
  receiver.answer = () => 307
  await give([anEvent()])
  await eventually(async () =>
    expect((await attempts())[0]?.error).toBe('It answered 307; redirects are not followed.'),
  )
  expect(elsewhere.received).toEqual([])
  await elsewhere.stop()
  receiver.answer = () => 'nothing'
  await eventually(
    async () => expect((await attempts())[0]?.error).toBe('There was no answer within 0.5 s.'),
    20_000,
  )
  receiver.answer = () => 200
  await eventually(async () => expect((await state()).waiting).toBe(0), 30_000)
})

test('what waits, what failed and what is logged is bounded, and everything has an end', async () => {
  const { mostWaiting, mostOfTenant, share, mostFailed, mostAttempts, keptMs, giveUpMs, leaseMs, timeoutMs } =
    DEFAULT_WEBHOOK_LIMITS
  expect([mostWaiting, mostOfTenant, share]).toEqual([100_000, 200_000, 10_000])
  expect([mostFailed, mostAttempts]).toEqual([10_000, 1000])
  expect([keptMs, giveUpMs, leaseMs, timeoutMs]).toEqual([7 * DAY_MS, DAY_MS, 20_000, 15_000])
  expect([WAITING_KEPT_MS, CONFIG_KEPT_MS]).toEqual([3 * DAY_MS, 30 * DAY_MS])
  await restartWith({ mostWaiting: 5, mostFailed: 3, mostAttempts: 4, scheduleMs: [3_600_000] })
  receiver.answer = () => 500
  await give(Array.from({ length: 12 }, () => anEvent()))
  await eventually(async () => expect(await attempts()).toHaveLength(4))
  expect(await state()).toMatchObject({ waiting: 5, failed: 3 })
  await eventually(() => expect(receiver.received).toHaveLength(5))
  const dump = await Promise.all((await mailer.redis.keys('*')).map((name) => mailer.redis.dumpBuffer(name)))
  for (const part of dump)
    expect(part?.includes('planted@') || part?.includes(secret.slice(6, 40))).toBe(false)
  for (const name of await mailer.redis.keys('ea:mail:{webhook*')) {
    const leftMs = await mailer.redis.pttl(name)
    const most = name.endsWith(':config') ? CONFIG_KEPT_MS : name.endsWith(':health') ? 4 * keptMs : keptMs
    expect(leftMs, name).toBeGreaterThan(WAITING_KEPT_MS - 60_000)
    expect(leftMs, name).toBeLessThanOrEqual(most)
  }
  for (const suffix of ['events', 'due', 'accepted', 'job'])
    expect(await mailer.redis.pttl(key(suffix)), suffix).toBeLessThanOrEqual(WAITING_KEPT_MS)
})

test('what is sent again does not go beyond what may wait; what has no room can be sent again later', async () => {
  await restartWith({ mostWaiting: 5, share: 3, scheduleMs: [3_600_000] })
  receiver.answer = () => 500
  const events = Array.from({ length: 12 }, () => anEvent())
  await give(events)
  expect(await state()).toMatchObject({ waiting: 5, failed: 7 })
  const since = new Date(Date.now() - 3_600_000).toISOString()
  expect(await replay({ since })).toEqual([])
  expect(await replay({ events })).toHaveLength(5)
  expect(await state()).toMatchObject({ waiting: 5, failed: 7 })
  await eventually(async () => expect(await attempts()).toHaveLength(5))
  receiver.answer = () => 200
  await give([], { ...webhook, version: 2, enabled: false })
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 12 }))
  webhook = { ...webhook, version: 3 }
  await give([])
  const again: string[] = await replay({ since })
  expect(again).toHaveLength(3)
  await eventually(() => expect(idsReceived().slice(5).sort()).toEqual([...again].sort()))
})

test('a tenant whose endpoints have too much together gets its share for each; other tenants do not', async () => {
  await restartWith({ mostWaiting: 10, mostOfTenant: 12, share: 4, scheduleMs: [3_600_000] })
  receiver.answer = () => 500
  const stateOf = async ({ id }: SealedWebhook): Promise<WebhookState> =>
    (await mailer.post('/v1/webhooks/states', { ids: [id] })).json().states[0]
  const many = () => Array.from({ length: 11 }, () => anEvent())
  const other = aWebhook(receiver.url, [secret])
  await give(many())
  await give(many(), other)
  expect(await stateOf(webhook)).toMatchObject({ waiting: 10, failed: 1 })
  expect(await stateOf(other)).toMatchObject({ waiting: 10, failed: 1 })
  const third = aWebhook(receiver.url, [secret])
  await give(many(), third)
  expect(await stateOf(third)).toMatchObject({ waiting: 4, failed: 7 })
  const others = aWebhook(receiver.url, [secret], { id: newWebhookId().replace('demo', 'shop') })
  await give(many(), others)
  expect(await stateOf(others)).toMatchObject({ waiting: 10, failed: 1 })
  // What was deleted does not count any more.
  await mailer.post('/v1/webhooks/hand-over', { entries: [], deleted: [webhook.id, third.id] })
  await give([anEvent()], third)
  const fourth = aWebhook(receiver.url, [secret])
  await give(many(), fourth)
  expect(await stateOf(fourth)).toMatchObject({ waiting: 10, failed: 1 })
})

test('while no key opens an endpoint no attempt is counted', async () => {
  const sealed = aWebhook(receiver.url, [secret], { id: webhook.id }, createKeyRing([randomBytes(32)]))
  await give([anEvent()], sealed)
  await eventually(async () =>
    expect(Number((await mailer.redis.zrange(key('due'), '0', '0', 'WITHSCORES'))[1])).toBeGreaterThan(
      Date.now() + 60_000,
    ),
  )
  expect(await mailer.redis.hlen(key('tries'))).toBe(0)
  expect(await attempts()).toEqual([])
})

test('an event that has waited for a day behind others gets one attempt', async () => {
  await restartWith({ giveUpMs: 0, scheduleMs: [10, 10, 10] })
  receiver.answer = () => 500
  await give([anEvent()])
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 1 }))
  expect(receiver.received).toHaveLength(1)
})

test('the log comes in pages', async () => {
  await give(Array.from({ length: 7 }, () => anEvent()))
  await eventually(async () => expect(await attempts()).toHaveLength(7))
  const page = (await mailer.get(`/v1/webhooks/${webhook.id}/attempts?first=4`)).json()
  const rest = (
    await mailer.get(`/v1/webhooks/${webhook.id}/attempts?first=4&after=${page.nextAfter}`)
  ).json()
  expect([page.attempts.length, rest.attempts.length, rest.nextAfter]).toEqual([4, 3, null])
  expect([...page.attempts, ...rest.attempts].map(({ eventId }) => eventId)).toEqual(
    (await attempts()).map(({ eventId }) => eventId),
  )
})

test('an endpoint that was deleted leaves nothing, also when its events wait', async () => {
  receiver.answer = () => 500
  await give([anEvent(), anEvent(), anEvent()])
  await eventually(async () => expect((await attempts()).length).toBeGreaterThan(2))
  const gone = await mailer.post('/v1/webhooks/hand-over', { entries: [], deleted: [webhook.id] })
  expect(gone.statusCode).toBe(204)
  await eventually(async () => expect(await mailer.redis.keys(key('*'))).toEqual([]))
})

test('events that wait outlive every key of the ring', async () => {
  await restartWith({ scheduleMs: [3_600_000] })
  receiver.answer = () => 500
  const event = anEvent()
  await give([event])
  await eventually(async () => expect(await attempts()).toHaveLength(1))
  const next = randomBytes(32)
  const newest = createKeyRing([next])
  // The old key is derived from the old ring, so both stand in one ring of the same kind.
  const both = {
    keys: [newest.keys[0], ...keyRing.keys] as typeof keyRing.keys,
    byId: (id: Buffer) => newest.byId(id) ?? keyRing.byId(id),
  }
  expect(await resealWebhookEvents(mailer.redis, both)).toBe(1)
  expect(await resealWebhookEvents(mailer.redis, both)).toBe(0)
  await mailer.close()
  receiver.answer = () => 200
  mailer = await runMailer(redis.url, smtp.url, {
    keyRing: newest,
    webhooks: { allowPrivate: true, allowPlaintext: true, limits: FAST },
  })
  webhook = aWebhook(receiver.url, [secret], { id: webhook.id, version: 2, enabled: false }, newest)
  await give([])
  webhook = aWebhook(receiver.url, [secret], { id: webhook.id, version: 3 }, newest)
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 1 }))
  await replay({ eventIds: [event.cursor] })
  await eventually(() => expect(idsReceived()).toEqual([event.cursor, event.cursor]))
})

const givenUp = async () => {
  const { body } = await mailer.get('/metrics')
  const found = body.matchAll(/_webhook_events_given_up_total{reason="(\w+)",service="mailer"} (\d+)/g)
  const counts = Array.from(found, ([, reason, count]) => [String(reason), Number(count)] as const)
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

test('events that are given up are counted by their reason, and what an operator can repair is in the log', async () => {
  const lines: { msg: string; webhookId?: string }[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const startLogging = (limits: Partial<WebhookLimits>, ring = keyRing) =>
    runMailer(redis.url, smtp.url, {
      logger,
      keyRing: ring,
      webhooks: { allowPrivate: true, allowPlaintext: true, limits: { ...FAST, ...limits } },
    })
  await mailer.close()
  mailer = await startLogging({ mostWaiting: 2, scheduleMs: [3_600_000] })
  receiver.answer = () => 500
  for (let round = 0; round < 3; round++) await give([anEvent(), anEvent(), anEvent()])
  await eventually(async () => expect(await attempts()).toHaveLength(2))
  expect(await givenUp()).toEqual({ full: 7 })
  expect(lines).toEqual([
    expect.objectContaining({
      webhookId: webhook.id,
      msg: expect.stringMatching(/too many events wait.*emailauth webhooks replay/),
    }),
  ])

  // The key leaves the ring, and the endpoint is sealed with another; the events cannot be opened any more.
  const newest = createKeyRing([randomBytes(32)])
  await mailer.close()
  mailer = await startLogging({}, newest)
  receiver.answer = () => 200
  await give([], aWebhook(receiver.url, [secret], { id: webhook.id, version: 2, enabled: false }, newest))
  await give([], aWebhook(receiver.url, [secret], { id: webhook.id, version: 3 }, newest))
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 9 }))
  const replayed = await replay({ since: new Date(Date.now() - 3_600_000).toISOString() })
  expect(replayed).toHaveLength(9)
  await eventually(async () => expect((await givenUp()).unreadable).toBeGreaterThanOrEqual(9))
  const unreadable = lines.filter(({ msg }) => msg.includes('EMAILAUTH_MAILER_KEYS'))
  expect(unreadable).toEqual([expect.objectContaining({ webhookId: webhook.id })])
})

test('an endpoint that the mailer has no key for is in the log, and its events wait', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line).msg) })
  await mailer.close()
  mailer = await runMailer(redis.url, smtp.url, { logger, webhooks: { limits: FAST } })
  await give([anEvent(), anEvent()], aWebhook(receiver.url, [secret], {}, createKeyRing([randomBytes(32)])))
  await eventually(() =>
    expect(lines).toEqual([expect.stringMatching(/EMAILAUTH_MAILER_KEYS: put the key back/)]),
  )
  expect(await givenUp()).toEqual({})
})

test('a test event is posted at once and logged', async () => {
  const event = anEvent({ type: 'webhook.tested', identityId: null, email: null })
  const test = async () => (await mailer.post(`/v1/webhooks/${webhook.id}/test`, { webhook, event })).json()
  expect(await test()).toMatchObject({ outcome: 'delivered', status: 204, type: 'WEBHOOK_TESTED' })
  expect(receiver.received[0]?.verified).toEqual([true])
  await receiver.stop()
  expect(await test()).toMatchObject({
    outcome: 'failed',
    status: null,
    error: 'The connection was refused.',
  })
  await receiver.start()
  expect((await attempts()).map(({ outcome }) => outcome)).toEqual(['failed', 'delivered'])
})
