import type { Event } from '@emailauth/contracts/events'
import type { WebhookHandOver } from '@emailauth/contracts/webhook-deliveries'
import type { Logger } from '@emailauth/service/logging/logger'
import { createTroubleLog } from '@emailauth/service/logging/trouble-log'
import type { DeliveryStore } from './delivery-store.ts'
import type { KnownEndpoints } from './known-endpoints.ts'
import type { WebhookLimits } from './limits.ts'
import type { WebhookMetrics } from './webhook-metrics.ts'
import type { WebhookQueue } from './webhook-queue.ts'

/**
 * Takes what the outbox hands over. When it returns all of it waits in Redis; repeated, it changes nothing.
 */
export type TakeHandOver = (handOver: WebhookHandOver) => Promise<void>

export interface HandOverOptions {
  readonly store: Pick<DeliveryStore, 'accept' | 'waitingOf' | 'forget'>
  readonly endpoints: Pick<KnownEndpoints, 'configure'>
  readonly queue: Pick<WebhookQueue, 'ensure'>
  readonly limits: WebhookLimits
  readonly metrics: Pick<WebhookMetrics, 'gaveUp'>
  readonly logger: Logger | undefined
}

const TOO_MANY = {
  trouble:
    'too many events wait for a webhook endpoint, so later ones are given up: once its receiver answers, post them again (emailauth webhooks replay ID --failed-since 1d)',
}

export function createTakeHandOver({
  store,
  endpoints,
  queue,
  limits: { mostWaiting, mostOfTenant, share },
  metrics,
  logger,
}: HandOverOptions): TakeHandOver {
  const log = createTroubleLog(logger, TOO_MANY)
  const accept = async (id: string, events: readonly Event[], most: number) => {
    const { job, dropped } = await store.accept(id, events, 'once', most)
    if (dropped.length > 0) {
      metrics.gaveUp('full', dropped.length)
      log.fault({ webhookId: id, dropped: dropped.length })
    }
    await queue.ensure(id, job)
  }

  return async ({ entries, deleted }) => {
    await Promise.all(deleted.map(store.forget))
    for (const { tenantId, webhooks, events } of entries) {
      const byEndpoint = new Map<string, Event[]>()
      for (const { event, to } of events) {
        for (const id of to) byEndpoint.set(id, [...(byEndpoint.get(id) ?? []), event])
      }
      const waiting = byEndpoint.size === 0 ? 0 : await store.waitingOf(tenantId, [...byEndpoint.keys()])
      const most = waiting < mostOfTenant ? mostWaiting : share
      await Promise.all(
        webhooks.map(async (webhook) => {
          const isDue = await endpoints.configure(webhook)
          const own = byEndpoint.get(webhook.id) ?? []
          if (isDue || own.length > 0) await accept(webhook.id, own, most)
        }),
      )
    }
  }
}
