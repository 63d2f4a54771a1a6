import { type Problem, TENANT_DISABLED, toProblem } from '@emailauth/contracts/problems'
import type { Tenant } from '@emailauth/contracts/tenants'
import type { Tenants } from './tenants.ts'

type OrProblem<T> = T | { problem: Problem }

/** Turns a rule that takes a tenant into one that takes the id of an active tenant. */
export function forTenant<Request extends { tenantId: string }, Result>(
  tenants: Pick<Tenants, 'known' | 'get'>,
  rule: (tenant: Tenant, request: Request, deadline?: number) => Promise<OrProblem<Result>>,
): (request: Request, deadline?: number) => Promise<OrProblem<Result>> {
  const call = async (tenant: Tenant | undefined, request: Request, deadline?: number) => {
    if (tenant === undefined)
      return { problem: toProblem('not-found', 'There is no such tenant.', { field: 'tenantId' }) }
    if (tenant.status !== 'active')
      return { problem: toProblem('forbidden', TENANT_DISABLED, { field: 'tenantId' }) }
    return rule(tenant, request, deadline)
  }
  return (request, deadline) => {
    const { tenantId } = request
    const known = tenants.known(tenantId)
    // Nearly all calls go straight to the rule.
    if (known?.status === 'active') return rule(known, request, deadline)
    if (known !== undefined) return call(known, request, deadline)
    return tenants.get(tenantId).then((tenant) => call(tenant, request, deadline))
  }
}
