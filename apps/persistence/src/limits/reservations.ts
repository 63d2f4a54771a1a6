import type { LimitKind } from '@emailauth/contracts/problems'
import { nowArgument, runRule, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'

/** A limit of a client or a tenant. On a Cluster its log may lie in another partition than the identity. */
export interface SharedLimit {
  readonly limit: LimitKind
  readonly log: 'g:' | 'm:' | 'budget'
  /** The digest of the client IP for each key of the ring. Empty for the budget. */
  readonly digests: readonly Buffer[]
  readonly rates: string
  /** The partition of its log. */
  readonly home: number
  /** What still works when the limit is reached. */
  readonly wayOut?: string
}

/** A call's tenant and deadline. */
export interface LimitedCall {
  readonly tenantId: string
  /** In Redis time, in ms. Absent: the time-out of the connection alone. */
  readonly deadline?: number | undefined
}

/** A call that was counted in the log of a limit before its rule. */
export interface Reservation {
  readonly kind: 'reserved'
  readonly tenantId: string
  readonly limit: SharedLimit
  /** When it was counted, by the clock of these reservations. */
  readonly atMs: number
}

/** The limit is reached. */
export interface Limited {
  readonly kind: 'limited'
  /** Until it allows one more call. */
  readonly seconds: number
}

/** Counts calls before their rules. */
export interface Reservations {
  /** Counts a call unless the limit is reached. It may take over what another call did not use. */
  reserve(call: LimitedCall, limit: SharedLimit): Promise<Reservation | Limited>
  /** Gives back what its call did not use. It is refunded soon, if no other call takes it over. */
  release(reservation: Reservation): void
  /** Refunds what was released, and waits for refunds that have begun. */
  close(): Promise<void>
}

/**
 * A released reservation waits this long for another call of the same client or tenant. Its moment in the log
 * stays that of the first call, so a limit's window is shorter by as much, at most.
 */
export const REUSE_MS = 100

export function createReservations(context: StoreContext): Reservations {
  // By the names of their logs; the newest of a log is the last.
  const released = new Map<string, Reservation[]>()
  const nowMs = context.now ?? (() => performance.now())
  let timer: NodeJS.Timeout | undefined
  let refunding: Promise<void> = Promise.resolve()

  function takeOver(name: string): Reservation | undefined {
    const found = released.get(name)
    const newest = found?.at(-1)
    if (newest === undefined || nowMs() - newest.atMs > REUSE_MS) return undefined
    found?.pop()
    return newest
  }

  /** Waits for earlier refunds too, because after it the connection may be closed. */
  async function refundAll(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const all = [...released.values()].flat()
    released.clear()
    // A call that is not refunded stays counted, which no caller needs to know: its own rule has run.
    const refunds = all.map((one) => refund(context, one).catch(() => {}))
    // Without their results, of which each round would keep those of all before it.
    refunding = Promise.all([refunding, ...refunds]).then(() => {})
    await refunding
  }

  return {
    async reserve(call, limit) {
      const { tenantId, deadline } = call
      const known = takeOver(nameOf(tenantId, limit))
      if (known !== undefined) return known
      const atMs = nowMs()
      const { log, rates, digests, home } = limit
      const each = digests.map((client) => ({ client }))
      const args = { now: nowArgument(context), log, rates, each }
      const reply = await runRule(context, scripts.reserve, { tenantId, partition: home }, args, deadline)
      return reply.kind === 'limited'
        ? { kind: 'limited', seconds: reply.seconds }
        : { kind: 'reserved', tenantId, limit, atMs }
    },
    release(reservation) {
      const name = nameOf(reservation.tenantId, reservation.limit)
      const found = released.get(name)
      if (found === undefined) released.set(name, [reservation])
      else found.push(reservation)
      timer ??= setTimeout(() => void refundAll(), REUSE_MS).unref()
    },
    close: refundAll,
  }
}

function nameOf(tenantId: string, { log, digests }: SharedLimit): string {
  return `${tenantId}\n${log}${digests[0]?.toString('latin1') ?? ''}`
}

function refund(context: StoreContext, { tenantId, limit }: Reservation): Promise<unknown> {
  const { log, digests, home } = limit
  const args = { log, client: digests[0] ?? '' }
  return runRule(context, scripts.refund, { tenantId, partition: home }, args)
}
