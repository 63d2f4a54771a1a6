import { setTimeout as wait } from 'node:timers/promises'
import { BATCH_MAX } from '@emailauth/contracts/common'
import type { Logger } from '@emailauth/service/logger'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'

export interface ReportOutcomesOptions {
  readonly mailer: Pick<Mailer, 'leaseOutcomes' | 'acknowledgeOutcomes'>
  readonly persistence: Pick<Persistence, 'reportDeliveries'>
  readonly logger: Pick<Logger, 'debug'>
  readonly everyMs?: number
}

/** At most so many in one round. */
const MOST = Math.min(200, BATCH_MAX)
const EVERY_MS = 1000
/** Pause before a silent service is asked again. The health checks report it. */
const AFTER_FAULT_MS = 5000

/**
 * Moves delivery outcomes from the mailer to persistence, because only the gateway speaks with both. Starts
 * at once. The mailer leases each outcome to one gateway at a time. If that gateway dies, another takes
 * over, and persistence ignores an outcome that it has recorded.
 */
export function reportOutcomes({ mailer, persistence, logger, everyMs = EVERY_MS }: ReportOutcomesOptions): {
  stop(): Promise<void>
} {
  const stopped = new AbortController()

  /** true: there may be more. */
  const round = async (): Promise<boolean> => {
    const outcomes = await mailer.leaseOutcomes(MOST)
    if (outcomes.length === 0) return false
    await persistence.reportDeliveries(
      outcomes.map(({ state, identityId, messageId }) => ({ type: state, identityId, messageId })),
    )
    await mailer.acknowledgeOutcomes(outcomes)
    return outcomes.length === MOST
  }

  const running = (async () => {
    let pauseMs = everyMs
    while (!stopped.signal.aborted) {
      await wait(pauseMs, undefined, { signal: stopped.signal, ref: false }).catch(() => {})
      if (stopped.signal.aborted) return
      try {
        pauseMs = (await round()) ? 0 : everyMs
      } catch (error) {
        logger.debug({ err: error }, 'later outcomes of mails are reported another time')
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
