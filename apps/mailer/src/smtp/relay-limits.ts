import type { Resolve } from './relay-socket.ts'
import { RFC_TIMEOUTS, type Timeouts } from './timeouts.ts'

/** Bounds of one relay. Its URL may set its own. */
export interface RelayLimits {
  readonly timeouts: Timeouts
  readonly maxSessions: number
  /** A session that has worked so long at one thing is slow; so many slow ones are allowed beside `maxSessions`. */
  readonly slowAfterMs: number
  readonly maxSlow: number
  readonly mailsPerSession: number
  /** Mails that wait for a connection; for how long with nothing moving, and at most. Then they wait in the durable queue. */
  readonly maxWaiting: number
  readonly stalledAfterMs: number
  readonly maxWaitMs: number
  /** Where another relay follows, it is asked when this one has not asked for the message text after so long. */
  readonly failoverMs: number
  readonly groupSilenceMs: number
  /** So many faults of the relay in a row open its circuit. */
  readonly faultsToOpen: number
  /** An open circuit is probed after so long, then after ever longer, but never after more than the second of these. */
  readonly firstProbeMs: number
  readonly lastProbeMs: number
  /** So many mails in a row that a relay refuses for another reason than the recipient make it pass for one that refuses everybody. */
  readonly refusalsToOpen: number
  /** The same for unknown recipients, each counted once: strangers bring some, but hardly so many in a row. */
  readonly unknownToOpen: number
  /** Such a relay is tried with one mail after so long, then after ever longer, but never after more than the second of these. */
  readonly firstTrialMs: number
  readonly lastTrialMs: number
  readonly resolve?: Resolve | undefined
}

export const DEFAULT_RELAY_LIMITS: RelayLimits = {
  timeouts: RFC_TIMEOUTS,
  maxSessions: 20,
  slowAfterMs: 2000,
  maxSlow: 40,
  mailsPerSession: 100,
  maxWaiting: 1000,
  stalledAfterMs: 15_000,
  maxWaitMs: 60_000,
  failoverMs: 10_000,
  groupSilenceMs: 15_000,
  faultsToOpen: 5,
  firstProbeMs: 1000,
  lastProbeMs: 2000,
  refusalsToOpen: 5,
  unknownToOpen: 30,
  firstTrialMs: 1000,
  lastTrialMs: 30_000,
}
