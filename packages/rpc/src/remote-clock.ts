/**
 * What another machine's clock shows, seen from here and never too late: its readings are taken for as old as they can be, so that what is
 * counted by them ends early by the time a reading took to arrive, and never late. The two clocks need not agree; only their pace must.
 */
export interface RemoteClock {
  /**
   * Learns from a reading.
   * @param reading ms on the other clock.
   * @param askedAt the moment here (`performance.now()`) before which it was not taken, where that is known.
   */
  learn(reading: number, askedAt?: number): void
  /** ms that the other clock has reached by now, or undefined when nothing is known, or nothing of the last minute. */
  now(): number | undefined
  forget(): void
}

/** A better reading than all since is worth more than a newer one for so long: clocks drift apart by far less than 1 ms in it. */
const BEST_MS = 10_000
/** In so long two clocks may have drifted apart by some ms. */
const OLDEST_MS = 60_000

export function createRemoteClock(clock: () => number = () => performance.now()): RemoteClock {
  let best: { offset: number; at: number } | undefined
  return {
    learn(reading, askedAt) {
      const at = clock()
      const offset = reading - at
      const isBetter = best === undefined || offset >= best.offset || at - best.at > BEST_MS
      // The clock was set back: it shows less than it has shown before, even if the reading was taken when it was asked for.
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
