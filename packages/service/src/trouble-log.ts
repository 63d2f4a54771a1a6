import type { Logger } from './logger.ts'

/** Logs a trouble that lasts in a few lines, however often it is met. */
export interface TroubleLog {
  /**
   * Reports an occurrence. It is logged at once, then once in {@link TROUBLE_LOG_EVERY_MS} with the count
   * since. If it returns after its end within that time, it is logged again: otherwise the last line would
   * say that all is well.
   */
  fault(fields: object): void
  /** All is well. Logged, where there are words for it, when a fault was logged before. */
  well(): void
}

export interface TroubleWords {
  /** What does not work, and the way out. */
  readonly trouble: string
  /** That it works again. Absent: nobody needs to know. */
  readonly over?: string
}

export const TROUBLE_LOG_EVERY_MS = 60_000

/** @param now monotonic milliseconds */
export function createTroubleLog(
  logger: Pick<Logger, 'warn' | 'info'> | undefined,
  { trouble, over }: TroubleWords,
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
