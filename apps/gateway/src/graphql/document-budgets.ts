import type { ApolloServerPlugin } from '@apollo/server'
import { LRUCache } from 'lru-cache'
import type { Caller } from '../access/caller.ts'

/** New documents of one tenant: `saved` at once after a rest, and so many a second. */
export const TENANTS_RATE = { saved: 100, perSecond: 25 } as const

/** Tenants that are remembered. */
const MOST_TENANTS = 5000

/**
 * Bounds what new documents of each tenant cost. Each takes milliseconds of the event loop to parse and
 * validate, so a tenant with another document in every call would leave no time for the calls of others.
 * Admins are not bounded.
 */
export interface DocumentBudgets {
  /** 0: a new document may be parsed; else the seconds until one may. */
  secondsToWait(caller: Caller | undefined): number
  /**
   * A new document is parsed. Calls that come at the same moment may spend more than there is; later ones
   * wait until that is made up for.
   */
  spend(caller: Caller | undefined): void
}

/** @param now milliseconds of a clock that nobody sets */
export function createDocumentBudgets(now: () => number = () => performance.now()): DocumentBudgets {
  const budgets = new LRUCache<string, { left: number; atMs: number }>({ max: MOST_TENANTS })

  function leftOf(tenantId: string): number {
    const budget = budgets.get(tenantId)
    if (budget === undefined) return TENANTS_RATE.saved
    const earned = ((now() - budget.atMs) / 1000) * TENANTS_RATE.perSecond
    return Math.min(TENANTS_RATE.saved, budget.left + earned)
  }

  return {
    secondsToWait(caller) {
      if (caller?.tenantId === undefined) return 0
      const left = leftOf(caller.tenantId)
      return left >= 1 ? 0 : Math.ceil((1 - left) / TENANTS_RATE.perSecond)
    },
    spend(caller) {
      if (caller?.tenantId === undefined) return
      budgets.set(caller.tenantId, { left: leftOf(caller.tenantId) - 1, atMs: now() })
    },
  }
}

/** What a tenant without budget is told. */
export const tooManyDocuments = (seconds: number): string =>
  `Too many new documents. Keep the text of a document the same and send its values as variables; try again in ${seconds} s.`

/** Counts what Apollo parses. A document that it knows is not parsed. */
export function countDocuments<Context extends { readonly caller: Caller | undefined }>({
  spend,
}: Pick<DocumentBudgets, 'spend'>): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ contextValue }) {
      return {
        async parsingDidStart() {
          spend(contextValue.caller)
        },
      }
    },
  }
}
