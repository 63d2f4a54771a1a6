import type { Event } from '@emailauth/contracts/events'
import { webhookBody } from '@emailauth/contracts/webhook-body'
import { eventually } from '@emailauth/testing/eventually'
import { startReceiver } from '@emailauth/testing/webhook-receiver'
import { expect, onTestFinished, test, vi } from 'vitest'
import { DEFAULT_WEBHOOK_LIMITS } from '../../src/webhooks/limits.ts'
import { anEvent, aWebhook, newIdentity, newSecret } from './webhook-events.ts'
import { DAY_MS, webhookWorld } from './webhook-world.ts'

const world = webhookWorld()
const { restartWith, give, attempts, state, failures, replay, tryEvent, key, idsReceived } = world

test('an event is posted once, signed as the scheme says, though it is handed over twice', async () => {
  const event = anEvent({ type: 'misses.high', identityId: null, email: null })
  await give([event])
  await give([event])
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 0 }))
  await give([event])
  expect(idsReceived()).toEqual([event.cursor])
  const [came] = world.receiver.received
  expect(came?.verified).toEqual([true])
  expect(came?.headers['content-type']).toBe('application/json')
  expect(came?.body).toEqual(JSON.parse(webhookBody(event)))
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
  await eventually(() => expect(world.receiver.received.length).toBeGreaterThan(5))
  await world.receiver.stop()
  await give(events.slice(20))
  // The seventh attempt comes 1 h 43 min after the first.
  await eventually(async () => {
    expect(Math.max(...(await attempts()).map(({ attempt }) => attempt))).toBeGreaterThanOrEqual(7)
  }, 60_000)
  await world.receiver.start()
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 0 }), 60_000)
  const once = [...new Map(world.receiver.received.map((came) => [came.id, came])).values()]
  expect(once.map(({ id }) => id).sort()).toEqual(events.map(({ cursor }) => cursor).sort())
  for (const identityId of identities) {
    const own = once.filter(({ body }) => body.data.identityId === identityId)
    expect(own.map(({ body }) => body.type)).toEqual(['REGISTERED', 'SENT', 'MISSED', 'VERIFIED'])
  }
  expect(world.receiver.received.every(({ verified }) => verified[0])).toBe(true)
})

test('an event that fails holds up the later ones of its identity, and nobody else’s', async () => {
  const [bad, good] = [newIdentity(), newIdentity()]
  const poison = anEvent({ identityId: bad })
  const later = anEvent({ identityId: bad, type: 'verified' })
  const others = [anEvent({ identityId: good }), anEvent({ identityId: good, type: 'verified' })]
  world.receiver.answer = ({ id }) => (id === poison.cursor ? 500 : 200)
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
  world.receiver.answer = () => 200
  expect(await replay({ since: new Date(Date.now() - 3_600_000).toISOString() })).toEqual([poison.cursor])
  await eventually(async () =>
    expect(await state()).toMatchObject({ waiting: 0, failed: 0, failingSince: null }),
  )
})

test('in an overlap both secrets sign, afterwards the newest alone', async () => {
  const old = newSecret()
  world.receiver.secrets = [world.secret, old]
  const until = (ms: number) => new Date(Date.now() + ms).toISOString()
  const { id } = world.webhook
  await give(
    [anEvent()],
    aWebhook(world.receiver.url, [world.secret, { secret: old, until: until(60_000) }], { id }),
  )
  await eventually(() => expect(world.receiver.received).toHaveLength(1))
  expect(world.receiver.received[0]?.verified).toEqual([true, true])
  expect(String(world.receiver.received[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2)
  const after = aWebhook(world.receiver.url, [world.secret, { secret: old, until: until(-1) }], {
    id,
    version: 2,
  })
  await give([anEvent()], after)
  await eventually(() => expect(world.receiver.received).toHaveLength(2))
  expect(world.receiver.received[1]?.verified).toEqual([true, false])
})

test('a change of the endpoint holds for what waits; an older version changes nothing', async () => {
  const gone = await startReceiver()
  await gone.stop()
  const { id } = world.webhook
  await give([anEvent()], aWebhook(gone.url, [world.secret], { id }))
  await eventually(async () => expect((await attempts()).length).toBeGreaterThan(0))
  await give([], aWebhook(world.receiver.url, [world.secret], { id, version: 3 }))
  await give([], aWebhook(gone.url, [world.secret], { id, version: 2 }))
  await eventually(() => expect(world.receiver.received).toHaveLength(1), 20_000)
})

test('what waits for an endpoint that is disabled is given up, and can be sent again once it is enabled', async () => {
  world.receiver.answer = () => 503
  world.receiver.headers['retry-after'] = '3600'
  const events = [anEvent(), anEvent(), anEvent()]
  await give(events)
  await eventually(async () => expect(await attempts()).toHaveLength(3))
  const [first] = await attempts()
  // The receiver asked for an hour.
  expect(Date.parse(first?.nextAttemptAt ?? '') - Date.now()).toBeGreaterThan(3_500_000)
  await give([], { ...world.webhook, version: 2, enabled: false })
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 3 }))
  expect(world.receiver.received).toHaveLength(3)
  world.receiver.answer = () => 200
  world.webhook = { ...world.webhook, version: 3 }
  await give([])
  expect((await state()).failingSince).toBeNull()
  const [one] = events as [Event]
  const unknown = '000000000000-00000000-x'
  expect(await replay({ eventIds: [one.cursor, unknown] })).toEqual([one.cursor])
  await eventually(() => expect(world.receiver.received).toHaveLength(4))
  // The receiver has it before the mailer knows, and what is under way is not sent twice.
  await eventually(async () => expect(await attempts()).toHaveLength(4))
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0 }))
  // One that was delivered is sent again too, when it is given.
  expect(await replay({ events: [one] })).toEqual([one.cursor])
  await eventually(() => expect(world.receiver.received).toHaveLength(5))
  expect(idsReceived().slice(3)).toEqual([one.cursor, one.cursor])
})

test('an endpoint to which nothing gets through for days is to be disabled; one that is gone at once', async () => {
  expect(DEFAULT_WEBHOOK_LIMITS.disableAfterMs).toBe(5 * DAY_MS)
  world.receiver.answer = () => 500
  await give([anEvent()])
  await eventually(async () => expect((await attempts()).length).toBeGreaterThan(3))
  expect(await failures()).toEqual([])
  await restartWith({ disableAfterMs: 1 })
  await eventually(
    async () => expect(await failures()).toEqual([{ id: world.webhook.id, version: 1, reason: 'failing' }]),
    20_000,
  )
  expect(await world.mailer.redis.pttl('ea:mail:{webhook-failures}')).toBeGreaterThan(7 * DAY_MS - 60_000)
  await give([], { ...world.webhook, version: 2, enabled: false })
  await eventually(async () => expect((await state()).waiting).toBe(0))
  await world.mailer.post('/v1/webhooks/failures/acknowledge', {
    failures: [{ id: world.webhook.id, version: 1 }],
  })
  expect(await failures()).toEqual([])
  world.receiver.answer = () => 410
  const other = aWebhook(world.receiver.url, [world.secret])
  await give([anEvent()], other)
  await eventually(async () =>
    expect(await failures()).toEqual([{ id: other.id, version: 1, reason: 'gone' }]),
  )
})

test('a receiver that hangs or redirects gets the event again; nothing follows the redirect', async () => {
  const elsewhere = await startReceiver()
  world.receiver.headers.location = elsewhere.url
  world.receiver.answer = () => 307
  await give([anEvent()])
  await eventually(async () =>
    expect((await attempts())[0]?.error).toBe('It answered 307; redirects are not followed.'),
  )
  expect(elsewhere.received).toEqual([])
  await elsewhere.stop()
  world.receiver.answer = () => 'nothing'
  await eventually(
    async () => expect((await attempts())[0]?.error).toBe('There was no answer within 2 s.'),
    20_000,
  )
  world.receiver.answer = () => 200
  await eventually(async () => expect((await state()).waiting).toBe(0), 30_000)
})

test('the log comes in pages', async () => {
  await give(Array.from({ length: 7 }, () => anEvent()))
  await eventually(async () => expect(await attempts()).toHaveLength(7))
  const page = (await world.mailer.get(`/v1/webhooks/${world.webhook.id}/attempts?first=4`)).json()
  const rest = (
    await world.mailer.get(`/v1/webhooks/${world.webhook.id}/attempts?first=4&after=${page.nextAfter}`)
  ).json()
  expect([page.attempts.length, rest.attempts.length, rest.nextAfter]).toEqual([4, 3, null])
  expect([...page.attempts, ...rest.attempts].map(({ eventId }) => eventId)).toEqual(
    (await attempts()).map(({ eventId }) => eventId),
  )
})

test('an endpoint that was deleted leaves nothing, also when its events wait', async () => {
  world.receiver.answer = () => 500
  await give([anEvent(), anEvent(), anEvent()])
  await eventually(async () => expect((await attempts()).length).toBeGreaterThan(2))
  const gone = await world.mailer.post('/v1/webhooks/hand-over', { entries: [], deleted: [world.webhook.id] })
  expect(gone.statusCode).toBe(204)
  await eventually(async () => expect(await world.mailer.redis.keys(key('*'))).toEqual([]))
})

test('a test event is posted at once and logged', async () => {
  const event = anEvent({ type: 'webhook.tested', identityId: null, email: null })
  expect(await tryEvent(event)).toMatchObject({ outcome: 'delivered', status: 204, type: 'WEBHOOK_TESTED' })
  expect(world.receiver.received[0]?.verified).toEqual([true])
  await world.receiver.stop()
  expect(await tryEvent(event)).toMatchObject({
    outcome: 'failed',
    status: null,
    error: 'The connection was refused.',
  })
  await world.receiver.start()
  expect((await attempts()).map(({ outcome }) => outcome)).toEqual(['failed', 'delivered'])
})

test('a test event waits 8 s for its answer, because somebody waits who gives up after 10 s', async () => {
  const { timeoutMs } = DEFAULT_WEBHOOK_LIMITS
  await restartWith({ timeoutMs })
  expect(timeoutMs).toBe(15_000)
  world.receiver.answer = () => 'nothing'
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(Math.min(ms, 100)))
  onTestFinished(() => spy.mockRestore())
  const event = anEvent({ type: 'webhook.tested', identityId: null, email: null })
  expect(await tryEvent(event)).toMatchObject({
    outcome: 'failed',
    error: 'There was no answer within 8 s.',
  })
})
