/**
 * Lower bound of a remote clock. A sample counts from its arrival, so a deadline may fire early by the
 * sample's travel time, never late. The two clocks need not agree, but must run at the same rate.
 */
export interface RemoteClock {
  /**
   * Learns from a reading.
   * @param reading ms on the other clock.
   * @param askedAt the moment here (`performance.now()`) before which it was not taken, where that is known.
   */
  learn(reading: number, askedAt?: number): void
  /** The other clock's time in ms, at least. Undefined without a sample of the last minute. */
  now(): number | undefined
  forget(): void
}

/**
 * A tighter sample is kept this long over newer, looser ones. Clocks drift far less than 1 ms in that time.
 */
const BEST_MS = 10_000
/** A sample is discarded after this time, because the clocks may have drifted by some ms. */
const OLDEST_MS = 60_000

export function createRemoteClock(clock: () => number = () => performance.now()): RemoteClock {
  let best: { offset: number; at: number } | undefined
  return {
    learn(reading, askedAt) {
      const at = clock()
      const offset = reading - at
      const isBetter = best === undefined || offset >= best.offset || at - best.at > BEST_MS
      // The clock was set back, because it is behind even if the sample was taken right after the request.
      const wentBack = best !== undefined && askedAt !== undefined && reading - askedAt < best.offset - 1
      if (isBetter || wentBack) best = { offset, at }
    },
    now() {
      const at = clock()
      return best === undefined || at - best.at > OLDEST_MS ? undefined : at + best.offset
    },
    forget() {
      best = undefined
    },
  }
}
