/**
 * A call whose caller has timed out is not executed. Both headers hold a time of the store's clock (Redis),
 * in whole ms, so the services' own clocks need not agree.
 */

/** In every reply of persistence, once it knows the time: a lower bound of the store's clock. */
export const STORE_TIME_HEADER = 'x-store-time'

/**
 * Deadline of a call to persistence. After it nothing is written for the call; an earlier write is still
 * reported.
 */
export const DEADLINE_HEADER = 'x-not-after'
