import type { LimitKind, Problem } from '@emailauth/contracts/problems'
import { nowArgument, runRule, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'
import { limited } from './limited.ts'

/** A limit that is not an identity's own, so that on a Cluster its log may lie in another partition. */
export interface SharedLimit {
  readonly limit: LimitKind
  readonly log: 'g:' | 'm:' | 'budget'
  /** The client IP's digest for each key of the ring; none for the budget. */
  readonly digests: readonly Buffer[]
  readonly rates: string
  /** The partition of its log. */
  readonly home: number
  /** What works all the same when it is reached. */
  readonly wayOut?: string
}

/** What a rule answered, and which of the limits that were reserved for its call it used up. */
export interface RuleResult<Result> {
  readonly result: Result
  readonly counts: (limit: SharedLimit) => boolean
}

/** Whose call it is, and until when its caller waits. */
export interface LimitedCall {
  readonly tenantId: string
  /** A moment of Redis's clock; absent: as long as Redis may take. */
  readonly deadline?: number | undefined
}

/** Whether rules count shared limits in their own atomic step. They do when a tenant has one partition. */
export function countsInRule(context: StoreContext): boolean {
  return context.partitions === 1
}

/**
 * Runs a rule that does not count shared limits by itself. Each limit is counted before the rule runs, so that no number of parallel calls gets
 * past it, and taken back where the call did not use it. A call whose outcome is unknown stays counted.
 */
export async function underSharedLimits<Result>(
  context: StoreContext,
  call: LimitedCall,
  limits: readonly SharedLimit[],
  rule: () => Promise<RuleResult<Result>>,
): Promise<Result | { problem: Problem }> {
  const held: SharedLimit[] = []
  for (const shared of limits) {
    const reply = await reserve(context, call, shared)
    if (reply[0].toString() === 'limited') {
      await refund(context, call.tenantId, held)
      return { problem: limited(['limited', shared.limit, reply[1]], shared.wayOut) }
    }
    held.push(shared)
  }
  const { result, counts } = await rule()
  const unused = held.filter((shared) => !counts(shared))
  if (unused.length > 0) await refund(context, call.tenantId, unused)
  return result
}

/** Counts a call, unless the limit is reached. */
export function reserve(
  context: StoreContext,
  { tenantId, deadline }: LimitedCall,
  { log, rates, digests, home }: SharedLimit,
) {
  const args = [nowArgument(context), log, rates, ...digests]
  return runRule(context, scripts.reserve, { tenantId, partition: home }, args, deadline)
}

async function refund(context: StoreContext, tenantId: string, held: readonly SharedLimit[]): Promise<void> {
  await Promise.all(
    held.map(({ log, digests, home }) =>
      runRule(context, scripts.refund, { tenantId, partition: home }, [log, ...digests.slice(0, 1)]),
    ),
  )
}
