import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { eventually } from '@emailauth/testing/eventually'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { WebhookLimits } from '../../src/webhooks/limits.ts'
import { resealWebhookEvents } from '../../src/webhooks/reseal-events.ts'
import { keyRing } from '../running-mailer.ts'
import { anEvent, aWebhook } from './webhook-events.ts'
import { FAST, webhookWorld } from './webhook-world.ts'

const world = webhookWorld()
const { restartWith, give, attempts, state, replay, key, idsReceived } = world

test('while no key opens an endpoint its events wait, and no attempt is counted', async () => {
  const sealed = aWebhook(
    world.receiver.url,
    [world.secret],
    { id: world.webhook.id },
    createKeyRing([randomBytes(32)]),
  )
  await give([anEvent()], sealed)
  await eventually(async () => {
    const [, score] = await world.mailer.redis.zrange('{ea:mail}:webhooks:delayed', '0', '0', 'WITHSCORES')
    // BullMQ keeps the time above 12 bits.
    expect(Number(score) / 4096).toBeGreaterThan(Date.now() + 15_000)
    // It is looked at again after 30 s.
    expect(Number(score) / 4096).toBeLessThan(Date.now() + 60_000)
  })
  expect(await world.mailer.redis.hlen(key('tries'))).toBe(0)
  expect(await state()).toMatchObject({ waiting: 1, failed: 0 })
  expect(await attempts()).toEqual([])
})

test('events that wait outlive every key of the ring', async () => {
  await restartWith({ scheduleMs: [3_600_000] })
  world.receiver.answer = () => 500
  const event = anEvent()
  await give([event])
  await eventually(async () => expect(await attempts()).toHaveLength(1))
  const next = randomBytes(32)
  const newest = createKeyRing([next])
  // The old key is derived from the old ring, so both stand in one ring of the same kind.
  const both = {
    ...newest,
    keys: [newest.keys[0], ...keyRing.keys] as typeof keyRing.keys,
    byId: (id: Buffer) => newest.byId(id) ?? keyRing.byId(id),
  }
  expect(await resealWebhookEvents(world.mailer.redis, both)).toBe(1)
  expect(await resealWebhookEvents(world.mailer.redis, both)).toBe(0)
  await world.mailer.close()
  world.receiver.answer = () => 200
  world.mailer = await world.run({
    keyRing: newest,
    webhooks: { allowPrivate: true, allowPlaintext: true, limits: FAST },
  })
  world.webhook = aWebhook(
    world.receiver.url,
    [world.secret],
    { id: world.webhook.id, version: 2, enabled: false },
    newest,
  )
  await give([])
  world.webhook = aWebhook(world.receiver.url, [world.secret], { id: world.webhook.id, version: 3 }, newest)
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 1 }))
  await replay({ eventIds: [event.cursor] })
  await eventually(() => expect(idsReceived()).toEqual([event.cursor, event.cursor]))
})

const givenUp = async () => {
  const { body } = await world.mailer.get('/metrics')
  const found = body.matchAll(/_webhook_events_given_up_total{reason="(\w+)",service="mailer"} (\d+)/g)
  const counts = Array.from(found, ([, reason, count]) => [String(reason), Number(count)] as const)
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

test('events that are given up are counted by their reason, and what an operator can repair is in the log', async () => {
  const lines: { msg: string; webhookId?: string }[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const startLogging = (limits: Partial<WebhookLimits>, ring = keyRing) =>
    world.run({
      logger,
      keyRing: ring,
      webhooks: { allowPrivate: true, allowPlaintext: true, limits: { ...FAST, ...limits } },
    })
  await world.mailer.close()
  world.mailer = await startLogging({ mostWaiting: 2, scheduleMs: [3_600_000] })
  world.receiver.answer = () => 500
  for (let round = 0; round < 3; round++) await give([anEvent(), anEvent(), anEvent()])
  await eventually(async () => expect(await attempts()).toHaveLength(2))
  expect(await givenUp()).toEqual({ full: 7 })
  expect(lines).toEqual([
    expect.objectContaining({
      webhookId: world.webhook.id,
      msg: expect.stringMatching(/too many events wait.*emailauth webhooks replay/),
    }),
  ])

  // The key leaves the ring, and the endpoint is sealed with another; the events cannot be opened any more.
  const newest = createKeyRing([randomBytes(32)])
  await world.mailer.close()
  world.mailer = await startLogging({}, newest)
  world.receiver.answer = () => 200
  await give(
    [],
    aWebhook(
      world.receiver.url,
      [world.secret],
      { id: world.webhook.id, version: 2, enabled: false },
      newest,
    ),
  )
  await give([], aWebhook(world.receiver.url, [world.secret], { id: world.webhook.id, version: 3 }, newest))
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 9 }))
  const replayed = await replay({ since: new Date(Date.now() - 3_600_000).toISOString() })
  expect(replayed).toHaveLength(9)
  await eventually(async () => expect((await givenUp()).unreadable).toBeGreaterThanOrEqual(9))
  const unreadable = lines.filter(({ msg }) => msg.includes('EMAILAUTH_MAILER_KEYS'))
  expect(unreadable).toEqual([expect.objectContaining({ webhookId: world.webhook.id })])
})

test('an endpoint that the mailer has no key for is in the log, and its events wait', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line).msg) })
  await world.mailer.close()
  world.mailer = await world.run({ logger, webhooks: { limits: FAST } })
  await give(
    [anEvent(), anEvent()],
    aWebhook(world.receiver.url, [world.secret], {}, createKeyRing([randomBytes(32)])),
  )
  await eventually(() =>
    expect(lines).toEqual([expect.stringMatching(/EMAILAUTH_MAILER_KEYS: put the key back/)]),
  )
  expect(await givenUp()).toEqual({})
})
