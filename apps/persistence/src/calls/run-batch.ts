import { INTERNAL_FAULT, type Problem, toProblem } from '@emailauth/contracts/problems'
import type { BatchCall } from '@emailauth/rpc/server/batches'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { storeFault } from '../store/faults.ts'
import { deadlineOf } from '../store/store-time.routes.ts'

type OrProblem<T> = T | { problem: Problem }

/**
 * Runs the calls of a batch in parallel. An error of one becomes its problem and does not affect the others.
 */
export async function runBatch<Request, Result>(
  batch: BatchCall,
  requests: readonly Request[],
  call: (request: Request, deadline?: number) => Promise<OrProblem<Result>>,
): Promise<OrProblem<Result>[]> {
  const deadline = deadlineOf(batch)
  const outcomes = await Promise.allSettled(requests.map((request) => call(request, deadline)))
  return outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? outcome.value : { problem: faultProblem(batch, outcome.reason) },
  )
}

function faultProblem({ id, log }: BatchCall, error: unknown): Problem {
  const known = error instanceof ProblemError ? error : storeFault(error)
  if (known !== undefined && known.problem.status < 500) return known.problem
  log.error({ err: error }, 'a call of a batch failed')
  const problem = known?.problem ?? toProblem('internal', INTERNAL_FAULT)
  return { ...problem, requestId: id }
}
