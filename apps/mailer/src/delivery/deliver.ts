import type { MessageRequest } from '@emailauth/contracts/messages'
import type { Logger } from '@emailauth/service/logging/logger'
import { waitAtMost } from '@emailauth/service/timing/wait-at-most'
import { writeName } from '../message-state/message-name.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import type { MessageStore } from '../message-state/message-store.ts'
import type { Suppressions } from '../suppressions/suppression-store.ts'
import { createAttempt } from './attempt.ts'
import { createByName } from './by-name.ts'
import { Copy } from './copy.ts'
import { createDeliverOnce } from './deliver-once.ts'
import type { DeliveryMetrics } from './delivery-metrics.ts'
import { createOpenAttempts } from './open-attempts.ts'
import type { PendingOutcomes } from './pending-outcomes.ts'
import type { RetryQueue } from './retry-queue.ts'
import type { SendMessage } from './send-message.ts'

/** A mailer counts as idle after this time without a message under way. */
const REST_AFTER_MS = 50
/** On closing, once attempts have ended or been cut, an unreachable Redis may take this long to come back. */
export const RECORD_MS = 2000

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
  /**
   * Cuts attempts that still run after this time, and gives all of them 2 s more to be recorded. Unsent
   * messages wait in the queue. A further call has what is left of the first one's time.
   */
  drain(withinMs: number): Promise<void>
}

interface UnderWay {
  readonly ended: Promise<MessageRecord>
  readonly copy: Copy
}

/** Joins the calls of this mailer for one message, and knows what is under way here. */
export function createDeliver(options: DeliverOptions): Deliver {
  const { store, outcomes, queue, handOver, suppressions, metrics, logger, now } = options
  const underWay = createByName<UnderWay>()
  const attempts = createOpenAttempts(async (name, leaseMs) => {
    underWay.get(writeName(name))?.copy.want()
    try {
      return await store.renew(name, leaseMs)
    } catch (error) {
      logger?.warn({ err: error }, 'a claim was not renewed')
      throw error
    }
  })

  const attempt = createAttempt({ store, outcomes, queue, handOver, metrics, attempts, now })
  const deliverOnce = createDeliverOnce({ store, outcomes, queue, suppressions, attempt, now })

  let drainingSinceMs: number | undefined
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
      drainingSinceMs ??= performance.now()
      const cutAtMs = drainingSinceMs + withinMs
      const msUntil = (atMs: number) => Math.max(0, atMs - performance.now())
      const timer = setTimeout(() => attempts.cut(), msUntil(cutAtMs))
      const ended = Promise.allSettled(underWay.values().map((each) => each.ended))
      await waitAtMost(msUntil(cutAtMs + RECORD_MS), ended)
      clearTimeout(timer)
      await outcomes.stop(Math.min(RECORD_MS, msUntil(cutAtMs + RECORD_MS)))
    },
  }
}
