import type { LookupFunction } from 'node:net'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import type { ServiceApp } from '@emailauth/service/http/app'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import type { Logger } from '@emailauth/service/logging/logger'
import type { Scheduler } from '@emailauth/service/tasks/scheduler'
import type { LongPoll } from '@emailauth/service/timing/long-poll'
import type { Registry } from 'prom-client'
import { takeOverStalled } from '../queue/take-over-stalled.ts'
import { createWorkByKey, takeWorkByKey } from '../queue/work-by-key.ts'
import { resealHourly } from '../resealing/reseal-hourly.ts'
import { createDeliveryHistory } from './delivery-history.ts'
import { createDeliveryStore } from './delivery-store.ts'
import { createFailureList } from './failure-list.ts'
import { createTakeHandOver } from './hand-over.ts'
import { createKnownEndpoints } from './known-endpoints.ts'
import { DEFAULT_WEBHOOK_LIMITS, type WebhookLimits } from './limits.ts'
import { createPostWebhook } from './post-webhook.ts'
import { resealWebhookEvents } from './reseal-events.ts'
import { addWebhookRoutes } from './webhook.routes.ts'
import { createWebhookMetrics } from './webhook-metrics.ts'
import { createWebhookQueue } from './webhook-queue.ts'
import { createWorkEndpoint } from './work-endpoint.ts'

export interface WebhookOptions {
  /** Whether endpoints may be in our own networks; absent: they may not. */
  readonly allowPrivate?: boolean
  /** Whether they may be called without TLS; absent: they may not. */
  readonly allowPlaintext?: boolean
  /** For tests: hours become seconds. */
  readonly limits?: Partial<WebhookLimits>
  /** For tests: how names are resolved. */
  readonly lookup?: LookupFunction
}

interface Parts {
  readonly redis: RedisConnection
  readonly redisUrl: string
  readonly ring: KeyRing
  readonly registry: Registry
  readonly lane: ReadLane
  readonly longPoll: LongPoll
  readonly scheduler: Pick<Scheduler, 'add'>
  readonly logger: Logger | undefined
  readonly now: () => number
}

/** Somebody waits for a test event, who has a time-out of 10 s. */
const TEST_TIMEOUT_MS = 8000

/** Adds the routes of webhooks, and delivers until the app closes. */
export function startWebhooks(app: ServiceApp, parts: Parts, options: WebhookOptions = {}): void {
  const { redis, redisUrl, ring, registry, lane, longPoll, scheduler, logger, now } = parts
  const limits = { ...DEFAULT_WEBHOOK_LIMITS, ...options.limits }
  const { allowPrivate = false, allowPlaintext = false, lookup } = options
  const metrics = createWebhookMetrics(registry)
  const store = createDeliveryStore(redis, ring, limits, now)
  const endpoints = createKnownEndpoints(redis, ring, now)
  const failures = createFailureList(redis)
  const { timeoutMs } = limits
  const rules = { allowPrivate, allowPlaintext, lookup }
  const sender = createPostWebhook({ ...rules, timeoutMs })
  const testSender = createPostWebhook({ ...rules, timeoutMs: Math.min(timeoutMs, TEST_TIMEOUT_MS) })
  const queue = createWebhookQueue(redisUrl, logger, now)
  const byKey = createWorkByKey(redis, ring, 'webhooks')
  const work = createWorkEndpoint({ store, endpoints, failures, byKey, sender, limits, metrics, logger, now })
  queue.start(async (endpointId, job, signal) => {
    const notBeforeMs = await work(endpointId, signal)
    const next = await store.rest(endpointId, job)
    if (next?.dueMs === undefined || notBeforeMs === undefined) return next
    return { ...next, dueMs: Math.max(next.dueMs, notBeforeMs) }
  })
  const takeHandOver = createTakeHandOver({ store, endpoints, queue, limits, metrics, logger })
  addWebhookRoutes(app, {
    takeHandOver,
    store,
    endpoints,
    history: createDeliveryHistory(redis),
    queue,
    failures,
    longPoll,
    testSender,
    share: limits.share,
    lane,
    now,
  })

  scheduler.add(takeOverStalled('stalled-webhooks', queue))
  // Beside the turns of the queue: while a mailer lacks the key, an endpoint may have two turns at a time.
  scheduler.add(takeWorkByKey('webhooks-by-key', byKey, async (id, signal) => void (await work(id, signal))))
  scheduler.add(resealHourly('events for webhooks', () => resealWebhookEvents(redis, ring), logger))
  // It begins here, because each queue may wait for a Redis that hangs, and the mailer has 10 s in all.
  app.addHook('preClose', async () => void queue.stop())
  app.addHook('onClose', async () => {
    await queue.stop()
    await queue.close()
    await Promise.all([sender.close(), testSender.close()])
  })
}
