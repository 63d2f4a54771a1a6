import { REPLAY_SECONDS } from '@emailauth/contracts/common'
import { type Problem, toProblem } from '@emailauth/contracts/problems'
import {
  callName,
  digests,
  type NamedRequest,
  partitionOf,
  runRule,
  type StoreContext,
} from '../store/partition.ts'
import { scripts } from '../store/scripts.ts'

/** A call that may have an idempotency key. */
export interface NamedCall {
  readonly operation: 'register' | 'verify' | 'exchange'
  readonly request: NamedRequest
  readonly input: readonly unknown[]
}

/**
 * Reserves an idempotency key for one input before the rule runs. Needed only with several partitions, where
 * the inputs of two calls may lie in two of them and no rule sees both. With one partition the rule checks
 * it.
 */
export async function claimCallName(
  context: StoreContext,
  tenantId: string,
  { operation, request, input }: NamedCall,
): Promise<{ problem: Problem } | undefined> {
  if (request.idempotencyKey === undefined) return undefined
  const name = callName(tenantId, request)
  const each = context.ring.keys.map((key) => ({
    request: digests.request(key, operation, tenantId, request),
    fingerprint: digests.fingerprint(key, request, input),
  }))
  const home = partitionOf(context, `${operation}\n${name}`)
  const at = { tenantId, partition: home }
  const outcome = await runRule(context, scripts.claim, at, { keptMs: REPLAY_SECONDS * 1000, each })
  return outcome === 'conflict' ? { problem: conflict(operation) } : undefined
}

/** The problem of a call that uses the idempotency key of another one. */
export function conflict(operation: NamedCall['operation']): Problem {
  const detail = `This idempotency key was used for another ${operation} within the last ${REPLAY_SECONDS} seconds; give each call its own.`
  return toProblem('idempotency-conflict', detail, { field: 'idempotencyKey' })
}
