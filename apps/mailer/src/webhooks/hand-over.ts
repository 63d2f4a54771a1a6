import type { Event } from '@emailauth/contracts/events'
import type { WebhookHandOver } from '@emailauth/contracts/webhook-deliveries'
import type { Logger } from '@emailauth/service/logger'
import { createTroubleLog } from '@emailauth/service/trouble-log'
import type { DeliveryStore } from './delivery-store.ts'
import type { WebhookMetrics } from './webhook-metrics.ts'
import type { WebhookQueue } from './webhook-queue.ts'

/**
 * Takes what the outbox hands over. When it returns all of it waits in Redis; repeated, it changes nothing.
 */
export type TakeHandOver = (handOver: WebhookHandOver) => Promise<void>

const TOO_MANY = {
  trouble:
    'too many events wait for a webhook endpoint, so later ones are given up: once its receiver answers, post them again (emailauth webhooks replay ID --failed-since 1d)',
}

export function createTakeHandOver(
  store: DeliveryStore,
  queue: Pick<WebhookQueue, 'ensure'>,
  metrics: Pick<WebhookMetrics, 'gaveUp'>,
  logger: Logger | undefined,
): TakeHandOver {
  const log = createTroubleLog(logger, TOO_MANY)
  const accept = async (id: string, events: readonly Event[]) => {
    const { job, dropped } = await store.accept(id, events, 'once')
    if (dropped > 0) {
      metrics.gaveUp('full', dropped)
      log.fault({ webhookId: id, dropped })
    }
    await queue.ensure(id, job)
  }

  return async ({ entries, deleted }) => {
    await Promise.all(deleted.map(store.forget))
    for (const { webhooks, events } of entries) {
      const byEndpoint = new Map<string, Event[]>()
      for (const { event, to } of events) {
        for (const id of to) byEndpoint.set(id, [...(byEndpoint.get(id) ?? []), event])
      }
      await Promise.all(
        webhooks.map(async (webhook) => {
          const isDue = await store.configure(webhook)
          const own = byEndpoint.get(webhook.id) ?? []
          if (isDue || own.length > 0) await accept(webhook.id, own)
        }),
      )
    }
  }
}
