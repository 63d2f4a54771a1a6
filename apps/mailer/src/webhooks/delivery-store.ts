import { randomBytes } from 'node:crypto'
import type { Event } from '@emailauth/contracts/events'
import type {
  AttemptPage,
  WebhookAttempt,
  WebhookOutcome,
  WebhookState,
} from '@emailauth/contracts/webhook-deliveries'
import {
  type SealedWebhook,
  tenantOfWebhook,
  type WebhookTarget,
  webhookAdditionalData,
  webhookTarget,
} from '@emailauth/contracts/webhooks'
import type { RedisConnection } from '@emailauth/redis/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { UnsealError, unseal } from '@emailauth/secrets/seal'
import { rules } from './delivery-rules.ts'
import { CONFIG_KEPT_MS, WAITING_KEPT_MS, type WebhookLimits } from './limits.ts'
import { openEvent, sealEvent, type WaitingEvent } from './sealed-event.ts'

/** An endpoint as the mailer knows it. `sealed`: it cannot be opened. */
export type KnownEndpoint =
  | { readonly version: number; readonly enabled: boolean; readonly target: WebhookTarget }
  | 'sealed'

/** An event that was taken for an attempt. */
export interface Claimed {
  readonly lane: string
  readonly id: string
  /** undefined: it was sealed with a key that has left the ring. */
  readonly event: WaitingEvent | undefined
  /** Attempts that it has had. */
  readonly tries: number
}

export interface Finished {
  readonly outcome: WebhookOutcome
  readonly nextAtMs?: number | undefined
  /** For the log; absent: there was no attempt. */
  readonly attempt?: WebhookAttempt | undefined
}

/**
 * The events that wait for each endpoint. Those of one identity keep their order. Every method fails when
 * Redis does not answer.
 */
export interface DeliveryStore {
  /** Sets the endpoint's URL, secrets and state. True: waiting events are due now. */
  configure(webhook: SealedWebhook): Promise<boolean>
  endpoint(id: string): Promise<KnownEndpoint | undefined>
  /** Queues events, up to `most`. Skips those that were handed over before, unless the mode is `again`. */
  accept(
    id: string,
    events: readonly Event[],
    mode: 'once' | 'again',
    most: number,
  ): Promise<{ readonly job: string; readonly dropped: readonly string[] }>
  claim(id: string, most: number): Promise<Claimed[]>
  /** Records an attempt. Returns since when the endpoint has been failing. undefined: it works. */
  finish(id: string, claimed: Pick<Claimed, 'lane' | 'id'>, finished: Finished): Promise<number | undefined>
  /**
   * Ends a job's turn. Returns the job that follows, if anything waits. `dueMs`: absent for a job that exists
   * already.
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
  /** An attempt without an event that waits. */
  log(id: string, attempt: WebhookAttempt): Promise<void>
  attempts(id: string, first: number, after: string | undefined): Promise<AttemptPage>
  state(id: string): Promise<WebhookState>
  /**
   * Counts the events that wait for all endpoints of a tenant. These endpoints belong to them from now on.
   */
  waitingOf(tenantId: string, ids: readonly string[]): Promise<number>
  forget(id: string): Promise<void>
}

/** Lanes that one step forgets. */
const FORGET_STEP = 1000

export const endpointKeys = (id: string): string => `ea:mail:{webhook:${id}}:`
/** Key of the set of a tenant's endpoints for which events were handed over. */
const endpointsOf = (tenantId: string): string => `ea:mail:{webhooks-of:${tenantId}}`
/** The id of a job of the queue. */
const newJob = () => `w${randomBytes(12).toString('base64url')}`

export function createDeliveryStore(
  redis: RedisConnection,
  ring: KeyRing,
  limits: WebhookLimits,
  now: () => number,
): DeliveryStore {
  const { share, mostFailed, mostAttempts, keptMs, leaseMs } = limits

  const open = (id: string, sealed: string): WebhookTarget | undefined => {
    try {
      const context = { purpose: 'webhook', additionalData: webhookAdditionalData(id) } as const
      return webhookTarget.parse(JSON.parse(unseal(ring, context, Buffer.from(sealed, 'base64'))))
    } catch (error) {
      if (error instanceof UnsealError) return undefined
      throw error
    }
  }

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
    async configure({ id, version, enabled, sealed }) {
      const args = { version, enabled: enabled ? 1 : 0, sealed, keptMs: CONFIG_KEPT_MS, now: now() }
      return rules.configure(redis, [endpointKeys(id)], args)
    },

    async endpoint(id) {
      const { version, enabled, sealed } = await redis.hgetall(`${endpointKeys(id)}config`)
      if (sealed === undefined) return undefined
      const target = open(id, sealed)
      return target === undefined ? 'sealed' : { version: Number(version), enabled: enabled === '1', target }
    },

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

    async attempts(id, first, after) {
      const end = after === undefined ? '+' : `(${after}`
      const found = await redis.xrevrange(`${endpointKeys(id)}attempts`, end, '-', 'COUNT', first + 1)
      const attempts = found
        .slice(0, first)
        .map(([cursor, [, json = '']]) => ({ ...JSON.parse(json), cursor }))
      return { attempts, nextAfter: found.length > first ? (attempts.at(-1)?.cursor ?? null) : null }
    },

    async state(id) {
      const key = endpointKeys(id)
      const [waiting, failed, { failing, success }] = await Promise.all([
        redis.hlen(`${key}events`),
        redis.zcard(`${key}failed`),
        redis.hgetall(`${key}health`),
      ])
      return { id, waiting, failed, failingSince: momentOf(failing), lastSuccessAt: momentOf(success) }
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

function momentOf(ms: string | undefined): string | null {
  return ms === undefined ? null : new Date(Number(ms)).toISOString()
}
