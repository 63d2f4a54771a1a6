import type { Problem } from '@emailauth/contracts/problems'
import type { StoreContext } from '../store/partition.ts'
import { claimCallName, type NamedCall } from './claim.ts'
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

/** Where a call runs that concerns several partitions. */
export interface AcrossPartitions {
  readonly context: StoreContext
  readonly reservations: Reservations
}

/**
 * Runs a rule where a tenant has several partitions, of which the rule's script sees one. So the call first
 * claims its name. Then each limit is counted, so that parallel calls cannot exceed it. It is given back
 * where the call did not use it. A call with an unknown outcome stays counted.
 * @param limits a client's before its tenant's: a client beyond its own must not use up those of all others
 */
export async function runAcrossPartitions<Result>(
  { context, reservations }: AcrossPartitions,
  call: NamedCall & LimitedCall,
  limits: readonly SharedLimit[],
  rule: () => Promise<RuleResult<Result>>,
): Promise<Result | { problem: Problem }> {
  const claimed = await claimCallName(context, call.tenantId, call)
  if (claimed !== undefined) return claimed
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
