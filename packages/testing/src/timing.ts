import { expect } from 'vitest'

/**
 * Asserts how long something took, but only with EMAILAUTH_TIMINGS=1: on a busy machine any bound fails one day, and a test that fails
 * without a fault is worse than none. `npm run timings` runs them on a machine that does nothing else.
 */
export function expectWithin(tookMs: number, boundMs: number): void {
  if (process.env.EMAILAUTH_TIMINGS === '1') expect(tookMs).toBeLessThan(boundMs)
}
