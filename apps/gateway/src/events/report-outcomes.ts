import { BATCH_MAX } from '@emailauth/contracts/common'
import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import { LONG_POLL_SECONDS } from '../services/long-poll.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import { AFTER_FAULT_MS, EVERY_MS, FAULTS_LOGGED } from '../services/moving-rounds.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'

export interface ReportOutcomesOptions {
  readonly mailer: Pick<Mailer, 'leaseOutcomes' | 'acknowledgeOutcomes'>
  readonly persistence: Pick<Persistence, 'reportDeliveries'>
}

/** At most so many in one round. */
const MOST = Math.min(200, BATCH_MAX)
const LOG_LINES = {
  trouble:
    'later outcomes of mails are not recorded, and wait at the mailer: look at /readyz of both services',
  over: 'later outcomes of mails are recorded again',
}

/**
 * Moves delivery outcomes from the mailer to persistence, because only the gateway speaks with both. The
 * mailer leases each outcome to one gateway at a time. If that gateway dies, another takes over, and
 * persistence ignores an outcome that it has recorded.
 */
export function reportOutcomes({ mailer, persistence }: ReportOutcomesOptions): ScheduledTask {
  return {
    name: 'report-outcomes',
    everyMs: EVERY_MS,
    afterFaultMs: AFTER_FAULT_MS,
    faultsLogged: FAULTS_LOGGED,
    logLines: LOG_LINES,
    async run({ signal, leased }) {
      const outcomes = await mailer.leaseOutcomes(MOST, { waitSeconds: LONG_POLL_SECONDS, signal })
      if (outcomes.length === 0) return false
      leased()
      await persistence.reportDeliveries(
        outcomes.map(({ state, ...outcome }) => ({ type: state, ...outcome })),
      )
      await mailer.acknowledgeOutcomes(outcomes)
      return outcomes.length === MOST
    },
  }
}
