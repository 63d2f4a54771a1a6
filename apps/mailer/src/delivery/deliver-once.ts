import { setTimeout as wait } from 'node:timers/promises'
import type { MessageRequest } from '@emailauth/contracts/messages'
import type { MessageRecord } from '../message-state/message-record.ts'
import type { MessageStore } from '../message-state/message-store.ts'
import type { Suppressions } from '../suppressions/suppression-store.ts'
import { type Attempt, answerable } from './attempt.ts'
import type { Copy } from './copy.ts'
import { endedRecord } from './ended-record.ts'
import { othersAttempt } from './others-attempt.ts'
import type { PendingOutcomes } from './pending-outcomes.ts'
import type { RetryQueue } from './retry-queue.ts'

/** How long a call waits for another mailer's attempt. It does not wait for a message in the retry queue. */
const OTHERS_ATTEMPT_MS = 20_000
const OTHERS_ATTEMPT_OF_RETRY_MS = 0
/** A retry this late was lost with its queue. The next call for the message makes the attempt. */
const RETRY_LOST_AFTER_MS = 15_000

/** Pause before a further claim. One that has ended by our clock may still run by the clock of Redis. */
const AGAIN_AFTER_MS = 50

export interface DeliverOnceOptions {
  readonly store: Pick<MessageStore, 'claim' | 'find' | 'keep'>
  readonly outcomes: Pick<PendingOutcomes, 'kept'>
  readonly queue: Pick<RetryQueue, 'add'>
  readonly suppressions: Pick<Suppressions, 'reason'>
  readonly attempt: Attempt
  /** Unix milliseconds. */
  readonly now: () => number
}

/**
 * Claims a message among all mailers and makes the attempt, or returns the outcome of the mailer that has
 * the claim.
 * @param retry true for the attempt of a deferred message
 * @param copy of this message; it can be kept once anybody has the claim
 */
export type DeliverOnce = (request: MessageRequest, retry: boolean, copy: Copy) => Promise<MessageRecord>

export function createDeliverOnce(options: DeliverOnceOptions): DeliverOnce {
  const { store, outcomes, queue, suppressions, attempt, now } = options

  /**
   * Makes sure that a job exists before a caller gets the answer that another attempt follows. If the
   * outcome was recorded late, its job may have run before that, found nothing to send, and ended.
   */
  async function queued(
    request: MessageRequest,
    record: MessageRecord,
    retry: boolean,
  ): Promise<MessageRecord> {
    if (!retry && record.nextAttemptAtMs !== null) await queue.add(request, record.nextAttemptAtMs)
    return record
  }

  /** Its job should have made the next attempt long ago. */
  const isLost = ({ nextAttemptAtMs }: MessageRecord) => (nextAttemptAtMs ?? 0) + RETRY_LOST_AFTER_MS <= now()

  return async (request, retry, copy) => {
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
      switch (claim.kind) {
        case 'claimed': {
          const mine = { number: claim.attempt, claimedAtMs }
          return await attempt(request, { claim: mine, expiresAtMs, retry, suppressed })
        }
        case 'completed':
          return claim.record
        case 'dropped':
          return endedRecord({ state: 'dropped', attempts: 0, updatedAtMs: now(), reply: null })
        case 'deferred':
          if (!isLost(claim.record)) return await queued(request, claim.record, retry)
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
}
