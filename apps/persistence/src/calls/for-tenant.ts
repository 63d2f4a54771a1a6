import { type Problem, toProblem } from '@emailauth/contracts/problems'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { Tenants } from './tenants.ts'

const DISABLED = 'This tenant is disabled; an admin can enable it again.'

type OrProblem<T> = T | { problem: Problem }

/** Turns a rule that takes a tenant into one that takes the id of an active tenant. */
export function forTenant<Request extends { tenantId: string }, Result>(
  tenants: Pick<Tenants, 'known' | 'get'>,
  rule: (tenant: Tenant, request: Request, deadline?: number) => Promise<OrProblem<Result>>,
): (request: Request, deadline?: number) => Promise<OrProblem<Result>> {
  return async (request, deadline) => {
    const { tenantId } = request
    const tenant = tenants.known(tenantId) ?? (await tenants.get(tenantId))
    if (tenant === undefined)
      return { problem: toProblem('not-found', 'There is no such tenant.', { field: 'tenantId' }) }
    if (tenant.status !== 'active')
      return { problem: toProblem('forbidden', DISABLED, { field: 'tenantId' }) }
    return await rule(tenant, request, deadline)
  }
}
