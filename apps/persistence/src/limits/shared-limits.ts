import type { LimitKind, Problem } from '@emailauth/contracts/problems'
import { ProblemError } from '@emailauth/service/problem-error'
import { UNKNOWN_EFFECT } from '../store/faults.ts'
import { nowArgument, runRule, type StoreContext } from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'
import { limited } from './limited.ts'

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

/** The result of a rule. `counts`: whether the call uses up a limit that was reserved for it. */
export interface RuleResult<Result> {
  readonly result: Result
  readonly counts: (limit: SharedLimit) => boolean
}

/** A call's tenant and deadline. */
export interface LimitedCall {
  readonly tenantId: string
  /** In Redis time, in ms. Absent: the time-out of the connection alone. */
  readonly deadline?: number | undefined
}

/** Whether rules count shared limits themselves, atomically. They do when a tenant has one partition. */
export function countsInRule(context: StoreContext): boolean {
  return context.partitions === 1
}

/**
 * Runs a rule that does not count shared limits itself. Each limit is counted before the rule runs, so that
 * parallel calls cannot exceed it. It is refunded where the call did not use it. A call with an unknown
 * outcome stays counted.
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
    if (reply.kind === 'limited') {
      await refund(context, call.tenantId, held)
      return { problem: limited({ limit: shared.limit, seconds: reply.seconds }, shared.wayOut) }
    }
    held.push(shared)
  }
  const { result, counts } = await rule()
  const unused = held.filter((shared) => !counts(shared))
  if (unused.length > 0) await refund(context, call.tenantId, unused)
  return result
}

/** Counts a call unless the limit is reached. */
export function reserve(
  context: StoreContext,
  { tenantId, deadline }: LimitedCall,
  { log, rates, digests, home }: SharedLimit,
) {
  const each = digests.map((client) => ({ client }))
  const args = { now: nowArgument(context), log, rates, each }
  return runRule(context, scripts.reserve, { tenantId, partition: home }, args, deadline)
}

async function refund(context: StoreContext, tenantId: string, held: readonly SharedLimit[]): Promise<void> {
  await Promise.all(
    held.map(({ log, digests, home }) =>
      runRule(
        context,
        scripts.refund,
        { tenantId, partition: home },
        { log, client: digests[0] ?? '' },
      ).catch(throwUnknown),
    ),
  )
}

/** A refund that Redis refuses says nothing about the call, whose rule has run. */
function throwUnknown(cause: unknown): never {
  if (!(cause instanceof ProblemError) || cause.problem.tookEffect === undefined) throw cause
  throw new ProblemError('unavailable', UNKNOWN_EFFECT, { retryAfterSeconds: 1, cause })
}
