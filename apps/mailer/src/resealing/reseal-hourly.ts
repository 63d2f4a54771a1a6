import type { Logger } from '@emailauth/service/logging/logger'
import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'

/** Well within the day for which an older key is still needed. */
const EVERY_MS = 3_600_000

/**
 * Re-seals at the start and every hour, because an older mailer may still write.
 * @param what names the sealed things in the log
 * @param reseal returns how many were sealed again
 */
export function resealHourly(
  what: string,
  reseal: () => Promise<number>,
  logger: Logger | undefined,
): ScheduledTask {
  return {
    name: `reseal-${what.replaceAll(' ', '-')}`,
    everyMs: EVERY_MS,
    startsAtOnce: true,
    logLines: { trouble: `${what} were not sealed with the newest key` },
    async run() {
      const moved = await reseal()
      if (moved > 0) logger?.info({ moved }, `${what} were sealed with the newest key`)
    },
  }
}
