import type { WebhookDisabledReason } from '@emailauth/contracts/webhooks'
import type { Logger } from '@emailauth/service/logging/logger'
import { createTroubleLog } from '@emailauth/service/logging/trouble-log'
import type { WorkByKey } from '../queue/work-by-key.ts'
import { type Posted, postEvent, toAttempt } from './attempt.ts'
import type { Claimed, DeliveryStore } from './delivery-store.ts'
import type { FailureList } from './failure-list.ts'
import type { KnownEndpoints } from './known-endpoints.ts'
import type { WebhookLimits } from './limits.ts'
import { nextAttemptMs } from './next-attempt.ts'
import type { PostWebhook } from './post-webhook.ts'
import type { WaitingEvent } from './sealed-event.ts'
import type { WebhookMetrics } from './webhook-metrics.ts'

export interface WorkEndpointOptions {
  readonly store: Pick<DeliveryStore, 'claim' | 'finish'>
  readonly endpoints: Pick<KnownEndpoints, 'get'>
  readonly failures: FailureList
  readonly byKey: Pick<WorkByKey, 'offer'>
  readonly sender: PostWebhook
  readonly limits: WebhookLimits
  readonly metrics: WebhookMetrics
  readonly logger: Pick<Logger, 'warn' | 'info'> | undefined
  readonly now: () => number
}

/**
 * Delivers what is due for one endpoint; ends when nothing is, or after so many, so that others get their
 * turn. Returns when the next turn may begin, in Unix milliseconds, if not at once.
 */
export type WorkEndpoint = (id: string, signal: AbortSignal) => Promise<number | undefined>

const DELIVERIES_IN_A_TURN = 200
/** A turn begins no deliveries after this time, so that endpoints that hang do not keep others waiting. */
const TURN_MS = 10_000
/** When to look again at an endpoint that this mailer cannot read. It is offered to those with its key. */
const UNREADABLE_MS = 30_000
const UNREADABLE = {
  trouble:
    'a webhook endpoint, or an event for it, was sealed with a key that is not in EMAILAUTH_MAILER_KEYS: put the key back, last, in the list of every mailer, and restart them; events that were given up can be replayed for a week',
}

export function createWorkEndpoint(options: WorkEndpointOptions): WorkEndpoint {
  const { store, endpoints, failures, byKey, sender, limits, metrics, now } = options
  const { concurrency, disableAfterMs } = limits
  const unreadable = createTroubleLog(options.logger, UNREADABLE)

  const finish = async (
    { id, version }: { readonly id: string; readonly version: number },
    claimed: Claimed,
    posted: Posted,
    { type, atMs }: WaitingEvent,
  ) => {
    const again = nextAttemptMs(limits, { tries: claimed.tries, waitedMs: now() - atMs }, posted)
    const isGone = posted.status === 410
    const isOver = again === undefined || isGone
    const outcome = posted.error === null ? 'delivered' : isOver ? 'failed' : 'retrying'
    const nextAtMs = outcome === 'retrying' && again !== undefined ? now() + again : undefined
    const of = { eventId: claimed.id, type, attempt: claimed.tries + 1, outcome, nextAtMs } as const
    const attempt = toAttempt(posted, of)
    const failingSince = await store.finish(id, claimed, { outcome, nextAtMs, attempt })
    metrics.attempted(outcome)
    if (outcome === 'failed') metrics.gaveUp(isGone ? 'gone' : 'attempts')
    const reason = reasonOf(isGone, failingSince)
    if (reason !== undefined) await failures.add({ id, version, reason })
  }

  const reasonOf = (isGone: boolean, failingSince: number | undefined): FailureReason | undefined => {
    if (isGone) return 'gone'
    return failingSince !== undefined && now() - failingSince >= disableAfterMs ? 'failing' : undefined
  }

  const deliver = async (id: string, claimed: Claimed) => {
    const endpoint = await endpoints.get(id)
    if (endpoint === undefined || 'missingKey' in endpoint) {
      // It was changed during this turn.
      await store.finish(id, claimed, { outcome: 'retrying', nextAtMs: now() + UNREADABLE_MS })
    } else if (!endpoint.enabled || claimed.event === undefined) {
      // The event can be sent again once the endpoint is enabled, or the key is back.
      await store.finish(id, claimed, { outcome: 'failed' })
      metrics.gaveUp(endpoint.enabled ? 'unreadable' : 'disabled')
      if (claimed.event === undefined) unreadable.fault({ webhookId: id, eventId: claimed.id })
    } else {
      const posted = await postEvent(
        sender,
        endpoint.target,
        { id: claimed.id, body: claimed.event.body },
        now,
      )
      await finish({ id, version: endpoint.version }, claimed, posted, claimed.event)
    }
  }

  const deliverDue = async (id: string, signal: AbortSignal) => {
    const underWay = new Set<Promise<void>>()
    let fault: unknown
    let left = DELIVERIES_IN_A_TURN
    const endsMs = now() + TURN_MS
    while (!signal.aborted && fault === undefined) {
      const room = now() < endsMs ? Math.min(concurrency - underWay.size, left) : 0
      const claimed = room > 0 ? await store.claim(id, room) : []
      left -= claimed.length
      for (const one of claimed) {
        const running = deliver(id, one)
          .catch((error: unknown) => {
            fault = error
          })
          .finally(() => underWay.delete(running))
        underWay.add(running)
      }
      if (underWay.size === 0) break
      await Promise.race(underWay)
    }
    await Promise.all(underWay)
    if (fault !== undefined) throw fault
  }

  return async (id, signal) => {
    const endpoint = await endpoints.get(id)
    if (endpoint !== undefined && 'missingKey' in endpoint) {
      unreadable.fault({ webhookId: id })
      if (endpoint.missingKey !== undefined) await byKey.offer(endpoint.missingKey, id)
      return now() + UNREADABLE_MS
    }
    await deliverDue(id, signal)
    return undefined
  }
}

type FailureReason = Exclude<WebhookDisabledReason, 'manual'>
