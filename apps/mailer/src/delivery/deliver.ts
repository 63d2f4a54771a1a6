import { setTimeout as wait } from 'node:timers/promises'
import type { MessageRequest } from '@emailauth/contracts/messages'
import type { Logger } from '@emailauth/service/logger'
import { writeName } from '../message-state/message-name.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import type { MessageStore } from '../message-state/message-store.ts'
import type { Suppressions } from '../suppressions/suppression-store.ts'
import { answerable, createAttempt } from './attempt.ts'
import { Copy } from './copy.ts'
import type { DeliveryMetrics } from './delivery-metrics.ts'
import { endedRecord } from './ended-record.ts'
import { createOpenAttempts } from './open-attempts.ts'
import { othersAttempt } from './others-attempt.ts'
import type { PendingOutcomes } from './pending-outcomes.ts'
import type { RetryQueue } from './retry-queue.ts'
import type { SendMessage } from './send-message.ts'

/** How long a call waits for another mailer's attempt. It does not wait for a message in the retry queue. */
const OTHERS_ATTEMPT_MS = 20_000
const OTHERS_ATTEMPT_OF_RETRY_MS = 0
/** A retry this late was lost with its queue. The next call for the message makes the attempt. */
const RETRY_LOST_AFTER_MS = 15_000

/** Pause before a further claim. One that has ended by our clock may still run by the clock of Redis. */
const AGAIN_AFTER_MS = 50

/** A mailer counts as idle after this time without a message under way. */
const REST_AFTER_MS = 50
/** On closing, an unreachable Redis may take this long to come back. */
const RECORD_MS = 2000

export interface DeliverOptions {
  readonly store: MessageStore
  readonly outcomes: PendingOutcomes
  readonly queue: Pick<RetryQueue, 'add'>
  readonly handOver: SendMessage
  readonly suppressions: Pick<Suppressions, 'reason'>
  readonly metrics: DeliveryMetrics
  readonly logger: Logger | undefined
  /** Unix milliseconds. */
  readonly now: () => number
}

export interface Deliver {
  /**
   * Makes one attempt now and returns its outcome: `deferred` with `nextAttemptAtMs` when it waits in the
   * queue. One message id is one mail: calls for the same message get the same outcome on all mailers. Fails
   * when Redis does not answer.
   * @param retry true for the attempt of a deferred message; the caller then queues the next one
   */
  now(request: MessageRequest, retry?: boolean): Promise<MessageRecord>
  /**
   * Keeps a copy in Redis of a message under way, so that it outlives this mailer, and calls back then. Never
   * when the attempt ends before that.
   */
  whenKept(request: MessageRequest, then: () => void): void
  /** Attempts that run, or whose outcome is not recorded yet. */
  readonly open: number
  /** Ends every attempt within this time. Unsent messages wait in the queue. */
  drain(withinMs: number): Promise<void>
}

interface UnderWay {
  readonly ended: Promise<MessageRecord>
  readonly copy: Copy
}

export function createDeliver(options: DeliverOptions): Deliver {
  const { store, outcomes, queue, handOver, suppressions, metrics, logger, now } = options
  const underWay = new Map<string, UnderWay>()
  const attempts = createOpenAttempts(async (name, leaseMs) => {
    underWay.get(writeName(name))?.copy.want()
    try {
      return await store.renew(name, leaseMs)
    } catch (error) {
      logger?.warn({ err: error }, 'a claim was not renewed')
      throw error
    }
  })

  const attempt = createAttempt({ outcomes, queue, handOver, metrics, attempts, now })

  let resting: NodeJS.Timeout | undefined
  /**
   * Records in Redis that this mailer is idle: no message is under way, and no outcome waits to be recorded,
   * because it could be a deferral. If the write fails, the lease ends by itself.
   */
  function restSoon(): void {
    if (resting !== undefined) return
    resting = setTimeout(() => {
      resting = undefined
      if (outcomes.size > 0) restSoon()
      else if (underWay.size === 0) void store.rest().catch(() => {})
    }, REST_AFTER_MS).unref()
  }

  async function deliverOnce(request: MessageRequest, retry: boolean, copy: Copy): Promise<MessageRecord> {
    const unrecorded = outcomes.kept(request)
    if (unrecorded !== undefined) return answerable(unrecorded, retry)
    const expiresAtMs = Date.parse(request.expiresAt)
    const giveUpAtMs = now() + (retry ? OTHERS_ATTEMPT_OF_RETRY_MS : OTHERS_ATTEMPT_MS)
    for (let again = retry; ; ) {
      const claimedAtMs = performance.now()
      const [claim, suppressed] = await Promise.all([
        store.claim(request, expiresAtMs, again),
        suppressions.reason(request.tenantId, request.email),
      ])
      // Whichever call has the claim, the message's state is in Redis now.
      copy.claimed()
      if (claim.kind === 'claimed')
        return await attempt(request, {
          claim: { number: claim.attempt, claimedAtMs },
          expiresAtMs,
          retry,
          suppressed,
        })
      if (claim.kind === 'completed') return claim.record
      if (claim.kind === 'dropped')
        return endedRecord({ state: 'dropped', attempts: 0, updatedAtMs: now(), reply: null })
      if (claim.kind === 'deferred') {
        if ((claim.record.nextAttemptAtMs ?? 0) + RETRY_LOST_AFTER_MS > now())
          return await queued(request, claim.record, retry)
        again = true
        continue
      }
      const theirs = await othersAttempt(request, claim.attempt, giveUpAtMs, options)
      // Their mailer may die as well.
      if (theirs?.state === 'queued' && !retry && !(await store.keep(request))) continue
      if (theirs !== undefined) return await queued(request, theirs, retry)
      await wait(AGAIN_AFTER_MS)
    }
  }

  /**
   * Makes sure that a job exists before a caller is told that another attempt follows. If the outcome was
   * recorded late, its job may have run before that, found nothing to send, and ended.
   */
  async function queued(
    request: MessageRequest,
    record: MessageRecord,
    retry: boolean,
  ): Promise<MessageRecord> {
    if (!retry && record.nextAttemptAtMs !== null) await queue.add(request, record.nextAttemptAtMs)
    return record
  }

  return {
    now(request, retry = false) {
      const name = writeName(request)
      const known = underWay.get(name)
      if (known !== undefined) return known.ended
      const copy = new Copy(store, request, logger)
      const ended = deliverOnce(request, retry, copy)
      underWay.set(name, { ended, copy })
      const forget = () => {
        underWay.delete(name)
        copy.over()
        if (underWay.size === 0) restSoon()
      }
      ended.then(forget, forget)
      return ended
    },
    whenKept(request, then) {
      underWay.get(writeName(request))?.copy.want(then)
    },
    get open() {
      return underWay.size + outcomes.size
    },
    async drain(withinMs) {
      const timer = setTimeout(() => attempts.cut(), withinMs)
      await Promise.allSettled(Array.from(underWay.values(), ({ ended }) => ended))
      clearTimeout(timer)
      await outcomes.stop(RECORD_MS)
    },
  }
}
