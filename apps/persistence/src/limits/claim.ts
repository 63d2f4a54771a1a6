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

/** A call that the external server has named. */
export interface NamedCall {
  readonly operation: 'register' | 'verify'
  readonly request: NamedRequest
  readonly input: readonly unknown[]
}

/**
 * Holds an idempotency key for one input before the rule runs, where two inputs may lie in two partitions and no one rule sees both. Where there is
 * one partition the rule itself sees it.
 */
export async function claimCallName(
  context: StoreContext,
  tenantId: string,
  { operation, request, input }: NamedCall,
): Promise<{ problem: Problem } | undefined> {
  if (request.idempotencyKey === undefined) return undefined
  const name = callName(tenantId, request)
  const groups = context.ring.keys.flatMap((key) => [
    digests.request(key, operation, name),
    digests.fingerprint(key, request, input),
  ])
  const home = partitionOf(context, `${operation}\n${name}`)
  const [outcome] = await runRule(context, scripts.claim, { tenantId, partition: home }, [
    REPLAY_SECONDS * 1000,
    ...groups,
  ])
  return outcome.toString() === 'conflict' ? { problem: conflict(operation) } : undefined
}

/** The answer to a call that bears the idempotency key of another one. */
export function conflict(operation: NamedCall['operation']): Problem {
  const detail = `This idempotency key was used for another ${operation} within the last ${REPLAY_SECONDS} seconds; give each call its own.`
  return toProblem('idempotency-conflict', detail, { field: 'idempotencyKey' })
}
