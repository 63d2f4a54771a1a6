import type { WebhookState } from '@emailauth/contracts/webhook-deliveries'
import type { SealedWebhook } from '@emailauth/contracts/webhooks'
import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import { CONFIG_KEPT_MS, DEFAULT_WEBHOOK_LIMITS, WAITING_KEPT_MS } from '../../src/webhooks/limits.ts'
import { dumpRedis } from '../redis-dump.ts'
import { anEvent, aWebhook, newWebhookId } from './webhook-events.ts'
import { DAY_MS, webhookWorld } from './webhook-world.ts'

const world = webhookWorld()
const { restartWith, give, attempts, state, replay, key, idsReceived } = world

test('what waits, what failed and what is logged is bounded, and everything has an end', async () => {
  const { mostWaiting, mostOfTenant, share, mostFailed, mostAttempts, keptMs, giveUpMs, leaseMs, timeoutMs } =
    DEFAULT_WEBHOOK_LIMITS
  expect([mostWaiting, mostOfTenant, share]).toEqual([100_000, 200_000, 10_000])
  expect([mostFailed, mostAttempts]).toEqual([10_000, 1000])
  expect([keptMs, giveUpMs, leaseMs, timeoutMs]).toEqual([7 * DAY_MS, DAY_MS, 20_000, 15_000])
  expect([WAITING_KEPT_MS, CONFIG_KEPT_MS]).toEqual([3 * DAY_MS, 30 * DAY_MS])
  await restartWith({ mostWaiting: 5, mostFailed: 3, mostAttempts: 4, scheduleMs: [3_600_000] })
  world.receiver.answer = () => 500
  await give(Array.from({ length: 12 }, () => anEvent()))
  await eventually(async () => expect(await attempts()).toHaveLength(4))
  expect(await state()).toMatchObject({ waiting: 5, failed: 3 })
  await eventually(() => expect(world.receiver.received).toHaveLength(5))
  const dump = await dumpRedis(world.mailer.redis)
  for (const planted of ['planted@', world.secret.slice(6, 40)]) expect(dump).not.toContain(planted)
  for (const name of await world.mailer.redis.keys('ea:mail:{webhook*')) {
    const leftMs = await world.mailer.redis.pttl(name)
    const most = name.endsWith(':config') ? CONFIG_KEPT_MS : name.endsWith(':health') ? 4 * keptMs : keptMs
    expect(leftMs, name).toBeGreaterThan(WAITING_KEPT_MS - 60_000)
    expect(leftMs, name).toBeLessThanOrEqual(most)
  }
  for (const suffix of ['events', 'due', 'accepted', 'job'])
    expect(await world.mailer.redis.pttl(key(suffix)), suffix).toBeLessThanOrEqual(WAITING_KEPT_MS)
})

test('what is sent again does not go beyond what may wait; what has no room can be sent again later', async () => {
  await restartWith({ mostWaiting: 5, share: 3, scheduleMs: [3_600_000] })
  world.receiver.answer = () => 500
  const events = Array.from({ length: 12 }, () => anEvent())
  await give(events)
  expect(await state()).toMatchObject({ waiting: 5, failed: 7 })
  const since = new Date(Date.now() - 3_600_000).toISOString()
  expect(await replay({ since })).toEqual([])
  expect(await replay({ events })).toHaveLength(5)
  expect(await state()).toMatchObject({ waiting: 5, failed: 7 })
  await eventually(async () => expect(await attempts()).toHaveLength(5))
  world.receiver.answer = () => 200
  await give([], { ...world.webhook, version: 2, enabled: false })
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 12 }))
  world.webhook = { ...world.webhook, version: 3 }
  await give([])
  const again: string[] = await replay({ since })
  expect(again).toHaveLength(3)
  await eventually(() => expect(idsReceived().slice(5).sort()).toEqual([...again].sort()))
})

test('a tenant whose endpoints have too much together gets its share for each; other tenants do not', async () => {
  await restartWith({ mostWaiting: 10, mostOfTenant: 12, share: 4, scheduleMs: [3_600_000] })
  world.receiver.answer = () => 500
  const stateOf = async ({ id }: SealedWebhook): Promise<WebhookState> =>
    (await world.mailer.post('/v1/webhooks/states', { ids: [id] })).json().states[0]
  const many = () => Array.from({ length: 11 }, () => anEvent())
  const other = aWebhook(world.receiver.url, [world.secret])
  await give(many())
  await give(many(), other)
  expect(await stateOf(world.webhook)).toMatchObject({ waiting: 10, failed: 1 })
  expect(await stateOf(other)).toMatchObject({ waiting: 10, failed: 1 })
  const third = aWebhook(world.receiver.url, [world.secret])
  await give(many(), third)
  expect(await stateOf(third)).toMatchObject({ waiting: 4, failed: 7 })
  const others = aWebhook(world.receiver.url, [world.secret], { id: newWebhookId().replace('demo', 'shop') })
  await give(many(), others)
  expect(await stateOf(others)).toMatchObject({ waiting: 10, failed: 1 })
  // What was deleted does not count any more.
  await world.mailer.post('/v1/webhooks/hand-over', { entries: [], deleted: [world.webhook.id, third.id] })
  await give([anEvent()], third)
  const fourth = aWebhook(world.receiver.url, [world.secret])
  await give(many(), fourth)
  expect(await stateOf(fourth)).toMatchObject({ waiting: 10, failed: 1 })
})

test('an event that has waited for a day behind others gets one attempt', async () => {
  await restartWith({ giveUpMs: 0, scheduleMs: [10, 10, 10] })
  world.receiver.answer = () => 500
  await give([anEvent()])
  await eventually(async () => expect(await state()).toMatchObject({ waiting: 0, failed: 1 }))
  expect(world.receiver.received).toHaveLength(1)
})
