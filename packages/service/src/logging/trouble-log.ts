import type { Logger } from './logger.ts'

/** Logs a lasting trouble in a few lines, however often it occurs. */
export interface TroubleLog {
  /**
   * Reports an occurrence. It is logged at once, then once in {@link TROUBLE_LOG_EVERY_MS} with the count
   * since. If the trouble returns within that time after its end, it is logged again. Otherwise the last line
   * would say that all works.
   */
  fault(fields: object): void
  /** Reports that all works. It is logged with `over`, if a fault was logged before. */
  well(): void
}

export interface TroubleLines {
  /** What does not work, and the way out. */
  readonly trouble: string
  /** Logged when it works again. Absent: nothing is logged then. */
  readonly over?: string
}

export const TROUBLE_LOG_EVERY_MS = 60_000

/** @param now monotonic milliseconds */
export function createTroubleLog(
  logger: Pick<Logger, 'warn' | 'info'> | undefined,
  { trouble, over }: TroubleLines,
  now: () => number = () => performance.now(),
): TroubleLog {
  let loggedAt = Number.NEGATIVE_INFINITY
  let moreSinceLastLine = 0
  let isOpen = false
  let hasBegunAnew = false
  return {
    fault(fields) {
      const isSoon = now() - loggedAt < TROUBLE_LOG_EVERY_MS
      if (isSoon && (isOpen || hasBegunAnew)) {
        moreSinceLastLine++
        return
      }
      logger?.warn({ ...fields, moreSinceLastLine }, trouble)
      hasBegunAnew = isSoon
      if (!isSoon) loggedAt = now()
      moreSinceLastLine = 0
      isOpen = true
    },
    well() {
      if (isOpen && over !== undefined) logger?.info(over)
      isOpen = false
    },
  }
}
