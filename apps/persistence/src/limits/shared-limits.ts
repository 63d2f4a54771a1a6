import type { Problem } from '@emailauth/contracts/problems'
import type { StoreContext } from '../store/partition.ts'
import { limited } from './limited.ts'
import type { LimitedCall, Reservation, Reservations, SharedLimit } from './reservations.ts'

/** The result of a rule. `counts`: whether the call uses up a limit that was reserved for it. */
export interface RuleResult<Result> {
  readonly result: Result
  readonly counts: (limit: SharedLimit) => boolean
}

/** Whether rules count shared limits themselves, atomically. They do when a tenant has one partition. */
export function countsInRule(context: StoreContext): boolean {
  return context.partitions === 1
}

/**
 * Runs a rule that does not count shared limits itself. Each limit is counted before the rule runs, so that
 * parallel calls cannot exceed it. It is given back where the call did not use it. A call with an unknown
 * outcome stays counted.
 * @param limits a client's before its tenant's: a client beyond its own must not use up those of all others
 */
export async function underSharedLimits<Result>(
  reservations: Reservations,
  call: LimitedCall,
  limits: readonly SharedLimit[],
  rule: () => Promise<RuleResult<Result>>,
): Promise<Result | { problem: Problem }> {
  const held: Reservation[] = []
  for (const limit of limits) {
    const answer = await reservations.reserve(call, limit)
    if (answer.kind === 'limited') {
      for (const reservation of held) reservations.release(reservation)
      return { problem: limited({ limit: limit.limit, seconds: answer.seconds }, limit.wayOut) }
    }
    held.push(answer)
  }
  const { result, counts } = await rule()
  for (const reservation of held) if (!counts(reservation.limit)) reservations.release(reservation)
  return result
}
