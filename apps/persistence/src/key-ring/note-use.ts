import type { Logger } from '@emailauth/service/logger'
import type { KeyRingUse } from './key-ring-use.ts'

const EVERY_MS = 60_000

/**
 * Records every minute that the newest key is in use, until stopped. The start itself writes the first
 * record.
 */
export function startNotingUse(use: KeyRingUse, logger: Logger): { stop(): void } {
  const timer = setInterval(() => {
    use.note().catch((error) => logger.warn({ err: error }, 'the use of the newest key could not be noted'))
  }, EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
