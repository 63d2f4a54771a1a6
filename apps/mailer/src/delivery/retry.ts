import type { MessageRequest } from '@emailauth/contracts/messages'
import { waitAtMost } from '@emailauth/service/timing/wait-at-most'
import type { MessageIndex } from '../message-state/message-index.ts'
import { type MessageName, writeName } from '../message-state/message-name.ts'
import type { Unreadable } from '../message-state/message-reads.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import type { MessageStore } from '../message-state/message-store.ts'
import type { OutcomeList } from '../outcomes/outcome-list.ts'
import type { WorkByKey } from '../queue/work-by-key.ts'
import { beforeExpiry } from './backoff.ts'
import type { Deliver } from './deliver.ts'
import type { FairHandOver } from './fair-hand-over.ts'
import type { Again, Retry } from './retry-queue.ts'

/** When to look again at a message whose attempt still runs, here or elsewhere. */
const STILL_TAKEN_MS = 2000
/** When to look again at a message that this mailer cannot read. It is offered to those that have its key. */
const UNREADABLE_MS = 5000
/**
 * A job waits no longer than this for its attempt, so that slow relays do not block other jobs. The attempt
 * continues.
 */
const WAIT_FOR_ATTEMPT_MS = 5000

export interface RetryOptions {
  readonly store: Pick<MessageStore, 'request' | 'find'>
  readonly index: Pick<MessageIndex, 'forget'>
  readonly deliver: Pick<Deliver, 'now'>
  readonly places: Pick<FairHandOver, 'fullUntilMs'>
  readonly outcomes: Pick<OutcomeList, 'add'>
  readonly byKey: Pick<WorkByKey, 'offer'>
  /** Unix milliseconds. */
  readonly now: () => number
}

/**
 * The time that a job has to wait for if it comes before it, or 0. It may come to look, or because a relay is
 * back. The attempt that was looked for has ended, and the next one has its own time. A mail that its server
 * may have taken waits all the same, so that the person can use it first.
 */
function plannedTime(known: MessageRecord | undefined, isLook: boolean): number {
  if (known?.state !== 'deferred' || !(isLook || known.isUnanswered)) return 0
  return known.nextAttemptAtMs ?? 0
}

/**
 * Makes the attempt of a queued message and returns when the next one is due. The outcome is reported before
 * the job ends, so that another mailer repeats the report if this one dies in between.
 */
export function createRetry(options: RetryOptions): Retry {
  const { store, index, deliver, places, outcomes, byKey, now } = options

  /** Nothing is left to send: reports how the message ended, unless its state is gone too. */
  async function end(name: MessageName): Promise<void> {
    const over = await store.find(name)
    if (over !== undefined) await outcomes.add(name, over.state)
    await index.forget(name)
  }

  async function leftToOthers(name: MessageName, { missingKey }: Unreadable): Promise<Again> {
    if (missingKey !== undefined) await byKey.offer(missingKey, writeName(name))
    return { againAtMs: now() + UNREADABLE_MS }
  }

  /** When the message's tenant may have a place for it. undefined: now, or its number expires before that. */
  function placeAtMs({ tenantId, expiresAt }: MessageRequest): number | undefined {
    const fullUntilMs = places.fullUntilMs(tenantId)
    if (fullUntilMs === undefined) return undefined
    const nowMs = now()
    return beforeExpiry(fullUntilMs - nowMs, nowMs, Date.parse(expiresAt))
  }

  return async (name, isLook) => {
    const known = await store.find(name)
    if (isLook && known?.state === 'queued') return { againAtMs: now() + STILL_TAKEN_MS, isLook }
    const plannedAtMs = plannedTime(known, isLook)
    if (plannedAtMs > now()) return { againAtMs: plannedAtMs }
    const request = await store.request(name)
    if (request === undefined) {
      // Its attempt has queued the job, and keeps the message with its outcome.
      if (known?.state === 'queued') return { againAtMs: now() + STILL_TAKEN_MS, isLook: true }
      await end(name)
      return 'done'
    }
    if ('missingKey' in request) return leftToOthers(name, request)
    // A claim without a place would change nothing.
    const againAtMs = placeAtMs(request)
    if (againAtMs !== undefined) return { againAtMs }
    const record = await waitAtMost(WAIT_FOR_ATTEMPT_MS, deliver.now(request, true))
    if (record === undefined || record.state === 'queued') {
      return { againAtMs: now() + STILL_TAKEN_MS, isLook: true }
    }
    if (record.nextAttemptAtMs !== null) return { againAtMs: record.nextAttemptAtMs }
    await outcomes.add(name, record.state)
    return 'done'
  }
}
