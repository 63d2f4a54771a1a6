import type { Resolve } from '../smtp/relay-socket.ts'
import { RFC_TIMEOUTS, type Timeouts } from '../smtp/timeouts.ts'

/** Limits of one relay. Its URL may override them. */
export interface RelayLimits {
  readonly timeouts: Timeouts
  readonly maxSessions: number
  /**
   * After this long at one task a session counts as slow. `maxSlow` slow ones do not count in `maxSessions`.
   */
  readonly slowAfterMs: number
  readonly maxSlow: number
  readonly mailsPerSession: number
  /**
   * Mails that may wait for a connection, and how long: without progress, and in all. Then they go to the
   * durable queue.
   */
  readonly maxWaiting: number
  readonly stalledAfterMs: number
  readonly maxWaitMs: number
  /** When this relay has not asked for the message text after this long, the next relay is tried. */
  readonly failoverMs: number
  readonly groupSilenceMs: number
  /** Consecutive faults that open the relay's circuit. */
  readonly faultsToOpen: number
  /** First and longest pause between probes of an open circuit. */
  readonly firstProbeMs: number
  readonly lastProbeMs: number
  /**
   * Consecutive refusals for other reasons than the recipient after which a relay counts as refusing
   * everybody.
   */
  readonly refusalsToOpen: number
  /**
   * The same for unknown recipients, each counted once. Strangers cause some, but hardly so many in a row.
   */
  readonly unknownToOpen: number
  /** First and longest pause between trials of a relay that refuses everybody. */
  readonly firstTrialMs: number
  readonly lastTrialMs: number
  readonly resolve?: Resolve | undefined
}

/** For a relay whose URL says nothing else. */
export const DEFAULT_RELAY_LIMITS: RelayLimits = {
  timeouts: RFC_TIMEOUTS,
  maxSessions: 20,
  slowAfterMs: 2000,
  maxSlow: 40,
  mailsPerSession: 500,
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
