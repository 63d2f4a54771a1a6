import { setTimeout as wait } from 'node:timers/promises'
import { isRedisUnavailable } from '@emailauth/redis/faults'
import type { Logger } from '@emailauth/service/logger'
import { type MessageName, writeName } from '../message-state/message-name.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import { KEPT_AFTER_EXPIRY_MS, type MessageStore } from '../message-state/message-store.ts'

/** Outcomes of attempts that are not recorded in Redis yet. */
export interface OutcomesToRecord {
  /**
   * Records an outcome. Never fails: while Redis refuses it, the outcome is kept in memory and recorded
   * later. The mail is sent or not sent in any case, and the caller must learn which.
   */
  record(name: MessageName, record: MessageRecord, expiresAtMs: number): Promise<void>
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
  readonly name: MessageName
  readonly record: MessageRecord
  readonly expiresAtMs: number
}

const AGAIN_AFTER_MS = 50

export function createOutcomesToRecord(
  store: Pick<MessageStore, 'complete'>,
  logger: Logger | undefined,
  now: () => number,
): OutcomesToRecord {
  const waiting = new Map<string, Kept>()
  let trying: Promise<void> | undefined
  let stopped = false

  /** True when nothing is left to do: recorded, out of date, or failed for a reason other than Redis. */
  async function complete({ name, record, expiresAtMs }: Kept): Promise<boolean> {
    try {
      await store.complete(name, record, expiresAtMs)
      return true
    } catch (error) {
      if (isRedisUnavailable(error)) return false
      const { identityId } = name
      logger?.error({ err: error, identityId, state: record.state }, 'state not recorded')
      return true
    }
  }

  async function tryAgain(): Promise<void> {
    logger?.warn('Redis does not answer: outcomes of mails are kept here until it does')
    while (waiting.size > 0 && !stopped) {
      await wait(AGAIN_AFTER_MS)
      await Promise.all(
        Array.from(waiting, async ([key, kept]) => {
          const isOver = now() > kept.expiresAtMs + KEPT_AFTER_EXPIRY_MS
          if (isOver || (await complete(kept))) waiting.delete(key)
        }),
      )
    }
    trying = undefined
  }

  return {
    async record(name, record, expiresAtMs) {
      const kept = { name, record, expiresAtMs }
      if (await complete(kept)) return
      waiting.set(writeName(name), kept)
      trying ??= tryAgain()
    },
    kept: (name) => (waiting.size === 0 ? undefined : waiting.get(writeName(name))?.record),
    get size() {
      return waiting.size
    },
    async stop(withinMs) {
      await Promise.race([trying, wait(withinMs, undefined, { ref: false })])
      stopped = true
    },
  }
}
