import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '@emailauth/service/logger'

export interface RoundsOptions {
  /** Returns true when there may be more, so that the next round follows at once. */
  readonly round: () => Promise<boolean>
  /** Logged with the error when a round fails. */
  readonly failed: string
  readonly logger: Pick<Logger, 'debug'>
  /** Pause after a round that found nothing. */
  readonly everyMs?: number | undefined
}

/** How often a service is asked that had nothing. */
const EVERY_MS = 1000
/** Pause before a silent service is asked again. The health checks report it. */
const AFTER_FAULT_MS = 5000

/** Repeats rounds, one after the other, until it is stopped. A round that runs then is finished. */
export function repeatRounds(options: RoundsOptions): { stop(): Promise<void> } {
  const { round, failed, logger, everyMs = EVERY_MS } = options
  const stopped = new AbortController()
  const running = (async () => {
    let pauseMs = everyMs
    while (!stopped.signal.aborted) {
      await wait(pauseMs, undefined, { signal: stopped.signal, ref: false }).catch(() => {})
      if (stopped.signal.aborted) return
      try {
        pauseMs = (await round()) ? 0 : everyMs
      } catch (error) {
        logger.debug({ err: error }, failed)
        pauseMs = AFTER_FAULT_MS
      }
    }
  })()

  return {
    async stop() {
      stopped.abort()
      await running
    },
  }
}
