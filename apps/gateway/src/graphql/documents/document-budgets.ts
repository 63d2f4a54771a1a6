import type { Caller } from '../../access/caller.ts'
import { createTokenBuckets, type Rate } from '../../access/token-buckets.ts'
import type { CountRefusal } from './document-metrics.ts'

/** New documents of one tenant: `saved` at once after a rest, and so many a second. */
export const TENANTS_RATE = { saved: 100, perSecond: 25 } as const satisfies Rate
/** A longer document counts as one more for each of these characters. */
export const COUNTED_LENGTH = 2048

/**
 * Bounds what new documents of each tenant cost. Each takes milliseconds of the event loop to parse and
 * validate, so a tenant with another document in every call would leave no time for the calls of others.
 * Admins are not bounded.
 */
export interface DocumentBudgets {
  /**
   * Pays for a new document before it is parsed.
   * @returns 0: it may be parsed; else nothing was paid, and the seconds until there is enough for it
   */
  take(caller: Caller | undefined, query: string): number
}

export interface DocumentBudgetsOptions {
  /** Called for each document for which there is not enough. */
  readonly refused?: CountRefusal
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number
}

export function createDocumentBudgets({
  refused = () => {},
  now,
}: DocumentBudgetsOptions = {}): DocumentBudgets {
  const buckets = createTokenBuckets(TENANTS_RATE, now)
  return {
    take(caller, query) {
      if (caller?.tenantId === undefined) return 0
      const seconds = buckets.take(caller.tenantId, 1 + Math.floor(query.length / COUNTED_LENGTH))
      if (seconds > 0) refused('tenant')
      return seconds
    },
  }
}

/** What a tenant without budget is told. */
export const tooManyDocuments = (seconds: number): string =>
  `Too many new documents. Keep the text of a document the same and send its values as variables; try again in ${seconds} s.`
