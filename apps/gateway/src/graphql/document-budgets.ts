import { LRUCache } from 'lru-cache'
import type { Caller } from '../access/caller.ts'
import type { CountRefusal } from './document-metrics.ts'

/** New documents of one tenant: `saved` at once after a rest, and so many a second. */
export const TENANTS_RATE = { saved: 100, perSecond: 25 } as const
/** A longer document counts as one more for each of these characters. */
export const COUNTED_LENGTH = 2048

/** Tenants that are remembered. */
const MOST_TENANTS = 5000

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
  now = () => performance.now(),
}: DocumentBudgetsOptions = {}): DocumentBudgets {
  const budgets = new LRUCache<string, { left: number; atMs: number }>({ max: MOST_TENANTS })

  function leftOf(tenantId: string): number {
    const budget = budgets.get(tenantId)
    if (budget === undefined) return TENANTS_RATE.saved
    const earned = ((now() - budget.atMs) / 1000) * TENANTS_RATE.perSecond
    return Math.min(TENANTS_RATE.saved, budget.left + earned)
  }

  return {
    take(caller, query) {
      if (caller?.tenantId === undefined) return 0
      const left = leftOf(caller.tenantId)
      const cost = 1 + Math.floor(query.length / COUNTED_LENGTH)
      if (left < cost) {
        refused('tenant')
        return Math.ceil((cost - left) / TENANTS_RATE.perSecond)
      }
      budgets.set(caller.tenantId, { left: left - cost, atMs: now() })
      return 0
    },
  }
}

/** What a tenant without budget is told. */
export const tooManyDocuments = (seconds: number): string =>
  `Too many new documents. Keep the text of a document the same and send its values as variables; try again in ${seconds} s.`
