/**
 * A call that nobody waits for any more is not done. Both headers hold a moment of the store's own clock (Redis's), in whole ms, so that the
 * clocks of the services need not agree with it or with one another.
 */

/** With every reply of persistence, once it knows: the store's clock shows this moment at least. */
export const STORE_TIME_HEADER = 'x-store-time'

/** With a call to persistence: from this moment on nothing is written for it any more. What was written before is still told. */
export const DEADLINE_HEADER = 'x-not-after'
