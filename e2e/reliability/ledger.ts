/** One registration as its caller knows it. */
export interface Entry {
  readonly email: string
  readonly token: string
  /** Given with the acknowledgement. */
  readonly identityId: string
  readonly number: string
}

/** The replies to the callers of a load, to be compared with the truth at the end. */
export interface Ledger {
  /** Acknowledged, and never asked for: must verify at the end. */
  readonly live: Entry[]
  /** Verified with an answer: must be dead at the end. */
  readonly used: Entry[]
  /** A verify was asked for and not answered: dead or live. */
  readonly unknown: Entry[]
  /** Acknowledged with a mail that FAILED: the caller has to ask for another one. */
  readonly unmailed: Omit<Entry, 'number'>[]
  /** Every way in which an answer was wrong. */
  readonly wrong: string[]
  /** Calls without an answer, by kind. */
  readonly faults: Map<string, number>
}

export const emptyLedger = (): Ledger => ({
  live: [],
  used: [],
  unknown: [],
  unmailed: [],
  wrong: [],
  faults: new Map(),
})
