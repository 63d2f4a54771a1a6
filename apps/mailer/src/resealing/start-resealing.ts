import type { Logger } from '@emailauth/service/logger'

/** Well within the day for which an older key is still needed. */
const EVERY_MS = 3_600_000

/**
 * Re-seals now and every hour, because an older mailer may still write. Returns a function that stops it.
 * @param what names the sealed things in the log
 * @param reseal returns how many were sealed again
 */
export function startResealing(
  what: string,
  reseal: () => Promise<number>,
  logger: Logger | undefined,
): () => Promise<void> {
  async function round(): Promise<void> {
    try {
      const moved = await reseal()
      if (moved > 0) logger?.info({ moved }, `${what} were sealed with the newest key`)
    } catch (error) {
      logger?.warn({ err: error }, `${what} were not sealed with the newest key`)
    }
  }
  let resealing = round()
  const timer = setInterval(() => {
    resealing = resealing.then(round)
  }, EVERY_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await resealing
  }
}
