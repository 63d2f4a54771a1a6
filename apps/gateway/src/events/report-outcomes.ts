import { BATCH_MAX } from '@emailauth/contracts/common'
import type { Logger } from '@emailauth/service/logger'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import { repeatRounds } from '../services/repeat-rounds.ts'

export interface ReportOutcomesOptions {
  readonly mailer: Pick<Mailer, 'leaseOutcomes' | 'acknowledgeOutcomes'>
  readonly persistence: Pick<Persistence, 'reportDeliveries'>
  readonly logger: Pick<Logger, 'warn' | 'info'>
}

/** At most so many in one round. */
const MOST = Math.min(200, BATCH_MAX)
const WORDS = {
  trouble:
    'later outcomes of mails are not recorded, and wait at the mailer: look at /readyz of both services',
  over: 'later outcomes of mails are recorded again',
}

/**
 * Moves delivery outcomes from the mailer to persistence, because only the gateway speaks with both. Starts
 * at once. The mailer leases each outcome to one gateway at a time. If that gateway dies, another takes
 * over, and persistence ignores an outcome that it has recorded.
 */
export function reportOutcomes({ mailer, persistence, logger }: ReportOutcomesOptions): {
  stop(): Promise<void>
} {
  const round = async (leased: () => void): Promise<boolean> => {
    const outcomes = await mailer.leaseOutcomes(MOST)
    if (outcomes.length === 0) return false
    leased()
    await persistence.reportDeliveries(outcomes.map(({ state, ...outcome }) => ({ type: state, ...outcome })))
    await mailer.acknowledgeOutcomes(outcomes)
    return outcomes.length === MOST
  }

  return repeatRounds({ round, words: WORDS, logger })
}
