import type { Event } from '@emailauth/contracts/events'
import type { WebhookAttempt, WebhookState } from '@emailauth/contracts/webhook-deliveries'
import type { SealedWebhook } from '@emailauth/contracts/webhooks'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { type Receiver, startReceiver } from '@emailauth/testing/webhook-receiver'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { DEFAULT_WEBHOOK_LIMITS, type WebhookLimits } from '../../src/webhooks/limits.ts'
import { type RunningMailer, runMailer } from '../running-mailer.ts'
import { aWebhook, handOver, newSecret } from './webhook-events.ts'

export const DAY_MS = 86_400_000
/** An hour of the schedule is a second here. */
const FASTER = 3600
export const FAST: Partial<WebhookLimits> = {
  scheduleMs: DEFAULT_WEBHOOK_LIMITS.scheduleMs.map((ms) => ms / FASTER),
  leaseMs: 3000,
  timeoutMs: 2000,
}

/** What a test has. It may put another mailer, or a later version of the endpoint, in their places. */
interface Current {
  mailer: RunningMailer
  receiver: Receiver
  secret: string
  webhook: SealedWebhook
}

/** A mailer, an endpoint and its receiver: new ones for each test of the file that calls this. */
export function webhookWorld() {
  // Filled before each test.
  const world = {} as Current
  let redis: TestRedis
  let smtp: TestSmtp

  beforeAll(async () => {
    redis = await startRedis()
    smtp = await startSmtp()
  })
  afterAll(async () => {
    await smtp?.stop()
    await redis?.stop()
  })
  beforeEach(async () => {
    world.secret = newSecret()
    world.receiver = await startReceiver([world.secret])
    world.webhook = aWebhook(world.receiver.url, [world.secret])
    world.mailer = await start(FAST)
    await world.mailer.redis.flushall()
  })
  afterEach(async () => {
    await world.mailer?.close()
    await world.receiver?.stop()
  })

  /** Runs a mailer on the Redis and the SMTP server of this file. */
  const run = (options: Parameters<typeof runMailer>[2]) => runMailer(redis.url, smtp.url, options)
  const start = (limits: Partial<WebhookLimits>) =>
    run({ webhooks: { allowPrivate: true, allowPlaintext: true, limits } })

  return Object.assign(world, {
    run,
    async restartWith(limits: Partial<WebhookLimits>) {
      await world.mailer.close()
      world.mailer = await start({ ...FAST, ...limits })
    },
    async give(events: readonly Event[], to: SealedWebhook = world.webhook) {
      expect((await world.mailer.post('/v1/webhooks/hand-over', handOver(to, events))).statusCode).toBe(204)
    },
    attempts: async (query = 'first=200'): Promise<WebhookAttempt[]> =>
      (await world.mailer.get(`/v1/webhooks/${world.webhook.id}/attempts?${query}`)).json().attempts,
    state: async (): Promise<WebhookState> =>
      (await world.mailer.post('/v1/webhooks/states', { ids: [world.webhook.id] })).json().states[0],
    failures: async () => (await world.mailer.get('/v1/webhooks/failures')).json().failures,
    replay: async (body: object) =>
      (
        await world.mailer.post(`/v1/webhooks/${world.webhook.id}/replays`, {
          webhook: world.webhook,
          ...body,
        })
      ).json().eventIds,
    /** Posts a test event at once, and answers the attempt. */
    tryEvent: async (event: Event): Promise<WebhookAttempt> =>
      (
        await world.mailer.post(`/v1/webhooks/${world.webhook.id}/test`, { webhook: world.webhook, event })
      ).json(),
    key: (suffix: string) => `ea:mail:{webhook:${world.webhook.id}}:${suffix}`,
    idsReceived: () => world.receiver.received.map(({ id }) => id),
  })
}
