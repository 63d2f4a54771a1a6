import type { Logger } from '@emailauth/service/logging/logger'

/** Counts sign-in mails that were not sent. The operator gets one log line a minute for each reason. */
export interface DroppedSignIns {
  count(reason: string): void
  /** Logs what was counted since the last line. */
  flush(): void
}

const EVERY_MS = 60_000

/**
 * The first one of a reason is logged at once, later ones when the minute is over and another one comes.
 * @param now milliseconds of a monotonic clock
 */
export function createDroppedSignIns(
  logger: Pick<Logger, 'warn'>,
  now: () => number = performance.now.bind(performance),
): DroppedSignIns {
  const counts = new Map<string, { dropped: number; loggedAtMs: number }>()
  const log = (reason: string, dropped: number) =>
    logger.warn({ reason, dropped }, 'sign-ins were not mailed')
  return {
    count(reason) {
      const since = counts.get(reason) ?? { dropped: 0, loggedAtMs: Number.NEGATIVE_INFINITY }
      since.dropped += 1
      counts.set(reason, since)
      if (now() - since.loggedAtMs < EVERY_MS) return
      log(reason, since.dropped)
      counts.set(reason, { dropped: 0, loggedAtMs: now() })
    },
    flush() {
      for (const [reason, { dropped }] of counts) if (dropped > 0) log(reason, dropped)
      counts.clear()
    },
  }
}
