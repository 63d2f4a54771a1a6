import type { MessageRequest } from '@emailauth/contracts/messages'
import { isRefusedWrite } from '@emailauth/redis/faults'
import type { MessageRecord } from '../message-state/message-record.ts'
import type { MessageStore } from '../message-state/message-store.ts'
import { beforeExpiry, nextAttemptAtMs } from './backoff.ts'
import type { DeliveryMetrics } from './delivery-metrics.ts'
import { endedRecord } from './ended-record.ts'
import type { OpenAttempts } from './open-attempts.ts'
import type { PendingOutcomes } from './pending-outcomes.ts'
import type { RetryQueue } from './retry-queue.ts'
import type { SendMessage, SentMessage } from './send-message.ts'

/**
 * A relay that got the whole message but did not answer may still deliver it. The person has this long to
 * use it.
 */
const AFTER_UNANSWERED_MS = 60_000

/** Our attempt: its number, and when we asked for the claim (`performance.now()`). */
export interface Claimed {
  readonly number: number
  readonly claimedAtMs: number
}

export interface AttemptOptions {
  readonly store: Pick<MessageStore, 'keep'>
  readonly outcomes: PendingOutcomes
  readonly queue: Pick<RetryQueue, 'add'>
  readonly handOver: SendMessage
  readonly metrics: DeliveryMetrics
  readonly attempts: OpenAttempts
  /** Unix milliseconds. */
  readonly now: () => number
}

/** What an attempt has to respect. */
export interface AttemptTerms {
  readonly claim: Claimed
  readonly expiresAtMs: number
  /** True for the attempt of a deferred message. The caller then queues the next one. */
  readonly retry: boolean
  /** Why nothing may be sent to the address. */
  readonly suppressed: string | undefined
}

/** Makes our attempt for a claimed message, and records its outcome. */
export type Attempt = (request: MessageRequest, terms: AttemptTerms) => Promise<MessageRecord>

export function createAttempt(options: AttemptOptions): Attempt {
  const { store, outcomes, queue, handOver, metrics, attempts: openAttempts, now } = options

  async function attempt(request: MessageRequest, terms: AttemptTerms): Promise<MessageRecord> {
    const { expiresAtMs, retry } = terms
    const startedAtMs = now()
    const record = endedBefore(terms, startedAtMs) ?? (await handedOver(request, terms))
    metrics.attempted(record.state, (now() - startedAtMs) / 1000)
    if (record.nextAttemptAtMs !== null && !retry && !(await isQueued(request, record.nextAttemptAtMs)))
      return record
    const isRecorded = await outcomes.record(request, record, expiresAtMs)
    return isRecorded ? record : answerable(record, retry)
  }

  /**
   * False: Redis is full and takes no job. Then the message stays under way with a copy, without an outcome.
   * Its claim ends, and once Redis has room a mailer queues it, as after the death of this one.
   */
  async function isQueued(request: MessageRequest, atMs: number): Promise<boolean> {
    try {
      await queue.add(request, atMs)
      return true
    } catch (error) {
      if (isRefusedWrite(error) && (await store.keep(request))) return false
      throw error
    }
  }

  async function handedOver(
    request: MessageRequest,
    { claim, expiresAtMs }: AttemptTerms,
  ): Promise<MessageRecord> {
    const remainingMs = expiresAtMs - now()
    const open = openAttempts.begin(request, claim.claimedAtMs, remainingMs)
    try {
      const sent = await handOver(request, remainingMs, open.cutOff)
      const { outcome, reply, relay, providerId, againAtMs } = sent
      // A bound of ours kept it from every relay, which is no attempt: its pauses begin with the first one.
      const attempts = againAtMs === undefined ? claim.number : claim.number - 1
      const record = endedRecord({
        state: outcome,
        attempts,
        updatedAtMs: now(),
        reply,
        relay,
        providerId,
      })
      return outcome === 'deferred' ? planned(record, expiresAtMs, sent) : record
    } finally {
      openAttempts.end(open)
    }
  }

  /** Plans the next attempt of a deferred message, or expires the message when no time is left. */
  function planned(
    record: MessageRecord,
    expiresAtMs: number,
    { unanswered = false, againAtMs }: SentMessage,
  ): MessageRecord {
    const nowMs = now()
    const next =
      againAtMs === undefined
        ? nextAttemptAtMs(record.attempts, nowMs, expiresAtMs)
        : beforeExpiry(againAtMs - nowMs, nowMs, expiresAtMs)
    const atMs = unanswered ? nowMs + AFTER_UNANSWERED_MS : next
    return atMs === undefined || atMs >= expiresAtMs
      ? { ...record, state: 'expired' }
      : { ...record, nextAttemptAtMs: atMs, ...(unanswered ? { isUnanswered: true } : {}) }
  }

  return attempt
}

/** The outcome of a message that is not sent: its number has expired, or its address is suppressed. */
function endedBefore(
  { claim, expiresAtMs, suppressed }: AttemptTerms,
  updatedAtMs: number,
): MessageRecord | undefined {
  if (updatedAtMs >= expiresAtMs)
    return endedRecord({ state: 'expired', attempts: claim.number - 1, updatedAtMs, reply: null })
  if (suppressed === undefined) return undefined
  const reply = `The address is suppressed: ${suppressed}`
  return endedRecord({ state: 'rejected', attempts: claim.number, updatedAtMs, reply })
}

/** A caller that still waits can ask again. The message of one that was answered `queued` must outlive us. */
class NotKept extends Error {
  override readonly name = 'NotKept'
}

/** An outcome that Redis does not have may be answered, unless it promises a further attempt. */
export function answerable(record: MessageRecord, retry: boolean): MessageRecord {
  if (record.state === 'deferred' && !retry) throw new NotKept('A deferred message is not in Redis yet.')
  return record
}
