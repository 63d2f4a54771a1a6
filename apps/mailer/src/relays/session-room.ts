export interface SessionRoomOptions {
  readonly maxSessions: number
  /** After this long at one task a session counts as slow. */
  readonly slowAfterMs: number
  /** Slow sessions that do not count in `maxSessions`. */
  readonly maxSlow: number
}

/** The sessions that a pool has, and those that are opening. Moments are of `performance.now()`. */
export interface Sessions {
  readonly pooled: ReadonlySet<{ readonly busySinceMs: number | undefined }>
  readonly opening: ReadonlySet<{ readonly atMs: number }>
}

/** A relay that refused a further connection is not asked for one again before this. */
const FULL_FOR_MS = 5000

/** Whether one more session with a relay may be opened. */
export interface SessionRoom {
  hasRoom(): boolean
  /** The relay took no session beyond this many. */
  noteFull(at: number): void
}

export function createSessionRoom(
  { maxSessions, slowAfterMs, maxSlow }: SessionRoomOptions,
  { pooled, opening }: Sessions,
): SessionRoom {
  let full: { readonly at: number; readonly untilMs: number } | undefined
  return {
    hasRoom() {
      const total = pooled.size + opening.size
      const nowMs = performance.now()
      if (full !== undefined && nowMs < full.untilMs) return total < full.at
      if (total < maxSessions) return true
      const slowBefore = nowMs - slowAfterMs
      let slow = 0
      for (const { busySinceMs } of pooled) if (busySinceMs !== undefined && busySinceMs < slowBefore) slow++
      for (const { atMs } of opening) if (atMs < slowBefore) slow++
      return total < maxSessions + Math.min(slow, maxSlow)
    },
    noteFull(at) {
      full = { at, untilMs: performance.now() + FULL_FOR_MS }
    },
  }
}
