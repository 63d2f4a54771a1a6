import { expect } from 'vitest'

/**
 * Asserts a duration, but only with EMAILAUTH_TIMINGS=1. On a busy machine any bound fails some day, and a
 * test that fails without a fault is worse than none. `npm run timings` runs them on an idle machine.
 */
export function expectWithin(tookMs: number, boundMs: number): void {
  if (process.env.EMAILAUTH_TIMINGS === '1') expect(tookMs).toBeLessThan(boundMs)
}
