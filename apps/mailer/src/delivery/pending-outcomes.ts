import { setTimeout as wait } from 'node:timers/promises'
import type { MessageRequest } from '@emailauth/contracts/messages'
import { isRedisUnavailable } from '@emailauth/redis/faults'
import type { Logger } from '@emailauth/service/logging/logger'
import { waitAtMost } from '@emailauth/service/timing/wait-at-most'
import { type MessageName, writeName } from '../message-state/message-name.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import { KEPT_AFTER_EXPIRY_MS, type MessageStore } from '../message-state/message-store.ts'

/** Outcomes of attempts that are not recorded in Redis yet. */
export interface PendingOutcomes {
  /**
   * Records an outcome. Never fails: while Redis refuses it, the outcome is kept in memory and recorded
   * later. The mail is sent or not sent in any case, and the caller must learn which. False: it is not in
   * Redis, now or at all, because another mailer has the claim or has completed the message.
   */
  record(request: MessageRequest, record: MessageRecord, expiresAtMs: number): Promise<boolean>
  /** The outcome of a message that Redis does not know yet. */
  kept(name: MessageName): MessageRecord | undefined
  /** Number of pending outcomes. */
  readonly size: number
  /**
   * Waits until nothing is pending, at most for `withinMs`. Outcomes still pending then are lost with this
   * process.
   */
  stop(withinMs: number): Promise<void>
}

interface Kept {
  readonly request: MessageRequest
  readonly record: MessageRecord
  readonly expiresAtMs: number
}

const AGAIN_AFTER_MS = 50

export function createPendingOutcomes(
  store: Pick<MessageStore, 'complete'>,
  logger: Logger | undefined,
  now: () => number,
): PendingOutcomes {
  const waiting = new Map<string, Kept>()
  let trying: Promise<void> | undefined
  let stopped = false

  /** Whether it was recorded. Undefined: Redis is unavailable, so it is tried again. */
  async function complete({ request, record, expiresAtMs }: Kept): Promise<boolean | undefined> {
    try {
      return await store.complete(request, record, expiresAtMs)
    } catch (error) {
      if (isRedisUnavailable(error)) return undefined
      const { identityId } = request
      logger?.error({ err: error, identityId, state: record.state }, 'state not recorded')
      return false
    }
  }

  async function tryAgain(): Promise<void> {
    logger?.warn('Redis does not answer: outcomes of mails are kept here until it does')
    while (waiting.size > 0 && !stopped) {
      await wait(AGAIN_AFTER_MS)
      await Promise.all(
        Array.from(waiting, async ([key, kept]) => {
          const isOver = now() > kept.expiresAtMs + KEPT_AFTER_EXPIRY_MS
          if (isOver || (await complete(kept)) !== undefined) waiting.delete(key)
        }),
      )
    }
    trying = undefined
  }

  return {
    async record(request, record, expiresAtMs) {
      const kept = { request, record, expiresAtMs }
      const isRecorded = await complete(kept)
      if (isRecorded !== undefined) return isRecorded
      waiting.set(writeName(request), kept)
      trying ??= tryAgain()
      return false
    },
    kept: (name) => (waiting.size === 0 ? undefined : waiting.get(writeName(name))?.record),
    get size() {
      return waiting.size
    },
    async stop(withinMs) {
      await waitAtMost(withinMs, trying)
      stopped = true
    },
  }
}
