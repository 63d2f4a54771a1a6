import { randomBytes } from 'node:crypto'
import type { Event } from '@emailauth/contracts/events'
import type { WebhookAttempt, WebhookOutcome } from '@emailauth/contracts/webhook-deliveries'
import { tenantOfWebhook } from '@emailauth/contracts/webhooks'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { rules } from './delivery-rules.ts'
import { endpointKeys, endpointsOf } from './endpoint-keys.ts'
import { WAITING_KEPT_MS, type WebhookLimits } from './limits.ts'
import { openEvent, sealEvent, type WaitingEvent } from './sealed-event.ts'

/** An event that was taken for an attempt. */
export interface Claimed {
  /** The queue in which it waits: each identity has one, so that its events stay in order. */
  readonly lane: string
  readonly id: string
  /** undefined: it was sealed with a key that has left the ring. */
  readonly event: WaitingEvent | undefined
  /** Attempts that it has had. */
  readonly tries: number
}

/** What became of an attempt. */
export interface Finished {
  readonly outcome: WebhookOutcome
  /** When it is tried again, in Unix ms; absent: never. */
  readonly nextAtMs?: number | undefined
  /** For the log; absent: there was no attempt. */
  readonly attempt?: WebhookAttempt | undefined
}

/**
 * The events that wait for each endpoint. Those of one identity keep their order. Every method fails when
 * Redis does not answer.
 */
export interface DeliveryStore {
  /** Queues events, up to `most`. Skips those that were handed over before, unless the mode is `again`. */
  accept(
    id: string,
    events: readonly Event[],
    mode: 'once' | 'again',
    most: number,
  ): Promise<{ readonly job: string; readonly dropped: readonly string[] }>
  /** Takes events that are due, up to `most`. What is not finished within its lease can be taken again. */
  claim(id: string, most: number): Promise<Claimed[]>
  /** Records an attempt. Returns since when the endpoint has been failing (Unix ms). undefined: it works. */
  finish(id: string, claimed: Pick<Claimed, 'lane' | 'id'>, finished: Finished): Promise<number | undefined>
  /**
   * Ends a job's turn. Returns the job that follows, if anything waits, and when it is due, in Unix ms.
   * `dueMs` is absent for a job that exists already.
   */
  rest(
    id: string,
    job: string,
  ): Promise<{ readonly job: string; readonly dueMs: number | undefined } | undefined>
  /** Queues events again that were given up: these, or up to `most` of those since a time. */
  replay(
    id: string,
    which: { readonly ids: readonly string[] } | { readonly sinceMs: number; readonly most: number },
  ): Promise<{ readonly job: string; readonly ids: string[] }>
  /** Records an attempt without an event that waits, such as a test. */
  log(id: string, attempt: WebhookAttempt): Promise<void>
  /**
   * Counts the events that wait for all endpoints of a tenant. These endpoints belong to them from now on.
   */
  waitingOf(tenantId: string, ids: readonly string[]): Promise<number>
  /** Deletes an endpoint's copy here and all that waits for it. */
  forget(id: string): Promise<void>
}

/** Lanes that one step forgets. */
const FORGET_STEP = 1000

/** The id of a job of the queue. */
const newJob = () => `w${randomBytes(12).toString('base64url')}`

export function createDeliveryStore(
  redis: RedisConnection,
  ring: KeyRing,
  limits: WebhookLimits,
  now: () => number,
): DeliveryStore {
  const { share, mostFailed, mostAttempts, keptMs, leaseMs } = limits

  const finish = async (
    id: string,
    lane: string,
    eventId: string,
    { outcome, nextAtMs, attempt }: Finished,
  ) => {
    const logged = attempt === undefined ? '' : JSON.stringify(attempt)
    return rules.finish(redis, [endpointKeys(id)], {
      now: now(),
      lane,
      id: eventId,
      outcome,
      next: nextAtMs ?? '',
      attempt: logged,
      mostAttempts,
      keptMs,
      mostFailed,
    })
  }

  return {
    async accept(id, events, mode, most) {
      return rules.accept(redis, [endpointKeys(id)], {
        now: now(),
        most,
        waitMs: WAITING_KEPT_MS,
        job: newJob(),
        mode,
        mostFailed,
        failedMs: keptMs,
        each: events.map((event) => ({ id: event.cursor, value: sealEvent(ring, id, event, now()) })),
      })
    },

    async claim(id, most) {
      const claimed = await rules.claim(redis, [endpointKeys(id)], { now: now(), leaseMs, most })
      return claimed.map(({ value, ...rest }) => ({ ...rest, event: openEvent(ring, id, value) }))
    },

    finish: (id, claimed, finished) => finish(id, claimed.lane, claimed.id, finished),

    async rest(id, job) {
      return rules.rest(redis, [endpointKeys(id)], { job, next: newJob(), keptMs: WAITING_KEPT_MS })
    },

    async replay(id, which) {
      const { since, most } =
        'sinceMs' in which ? { since: which.sinceMs, most: which.most } : { since: '', most: 0 }
      return rules.replay(redis, [endpointKeys(id)], {
        now: now(),
        waitMs: WAITING_KEPT_MS,
        job: newJob(),
        since,
        most,
        mostWaiting: share,
        each: 'ids' in which ? which.ids.map((eventId) => ({ id: eventId })) : [],
      })
    },

    async log(id, attempt) {
      await finish(id, '', '', { outcome: attempt.outcome, attempt })
    },

    async waitingOf(tenantId, ids) {
      const each = ids.map((id) => ({ id }))
      const all = await rules.known(redis, [endpointsOf(tenantId)], { keptMs: WAITING_KEPT_MS, each })
      const counts = await Promise.all(all.map((id) => redis.hlen(`${endpointKeys(id)}events`)))
      return counts.reduce((sum, count) => sum + count, 0)
    },

    async forget(id) {
      await redis.srem(endpointsOf(tenantOfWebhook(id)), id)
      while (await rules.forget(redis, [endpointKeys(id)], { most: FORGET_STEP }));
    },
  }
}
