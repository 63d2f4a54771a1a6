import { type Problem, toProblem } from '@emailauth/contracts/problems'
import type { Tenant } from '@emailauth/contracts/tenants'
import { ProblemError } from '@emailauth/service/problem-error'
import type { FastifyRequest } from 'fastify'
import { storeFault } from '../redis/faults.ts'
import type { TenantStore } from './tenant-store.ts'

const DISABLED = 'This tenant is disabled; an admin can enable it again.'

type OrProblem<T> = T | { problem: Problem }

/** Turns a rule of a tenant into one that is called with a tenant's id. */
export function forTenant<Request extends { tenantId: string }, Result>(
  tenants: TenantStore,
  rule: (tenant: Tenant, request: Request) => Promise<OrProblem<Result>>,
): (request: Request) => Promise<OrProblem<Result>> {
  return async (request) => {
    const tenant = await tenants.get(request.tenantId)
    if (tenant === undefined)
      return { problem: toProblem('not-found', 'There is no such tenant.', { field: 'tenantId' }) }
    if (tenant.status !== 'active')
      return { problem: toProblem('forbidden', DISABLED, { field: 'tenantId' }) }
    return rule(tenant, request)
  }
}

/** Runs the calls of a batch side by side; a fault of one is that one's problem and leaves the others alone. */
export async function settle<Request, Result>(
  http: FastifyRequest,
  requests: readonly Request[],
  call: (request: Request) => Promise<OrProblem<Result>>,
): Promise<OrProblem<Result>[]> {
  return Promise.all(
    requests.map(async (request) => {
      try {
        return await call(request)
      } catch (error) {
        return { problem: faultProblem(http, error) }
      }
    }),
  )
}

function faultProblem(http: FastifyRequest, error: unknown): Problem {
  const known = error instanceof ProblemError ? error : storeFault(error)
  if (known !== undefined && known.problem.status < 500) return known.problem
  http.log.error({ err: error }, 'a call of a batch failed')
  const problem =
    known?.problem ??
    toProblem('internal', 'Something went wrong here; the log knows more under this request id.')
  return { ...problem, requestId: http.id }
}

/** Writes a batch's reply without checking it against its shape once more: its types say it already, and it is the hot path. */
export const asItIs = () => (reply: unknown) => JSON.stringify(reply)
