import { tenantId } from '@emailauth/contracts/common'
import type { TenantUpdateRequest } from '@emailauth/contracts/tenant-updates'
import type { Tenant as TenantRecord } from '@emailauth/contracts/tenants'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import type { TenantContext } from './tenant.context.ts'
import { Tenant } from './tenant.types.ts'
import { UpdateTenantInput } from './tenant-input.types.ts'
import { updateRequest } from './tenant-requests.ts'

const HALF_DELETED =
  'The tenant is gone, but the mailer did not answer, so its suppressed addresses are still kept. Delete it once more when the mailer is back; that answers false when nothing else was left.'

@Resolver()
export class TenantChangesResolver {
  @Allow('ADMIN')
  @Mutation(() => Tenant, {
    nullable: true,
    description: 'Changes a tenant. null when there is none of this id. Needs an admin key.',
  })
  updateTenant(
    @Arg('input', () => UpdateTenantInput, { description: 'The tenant, and what to change of it.' })
    input: UpdateTenantInput,
    @Ctx() context: TenantContext,
  ): Promise<TenantRecord | null> {
    return change(input.id, updateRequest(input), context)
  }

  @Allow('ADMIN')
  @Mutation(() => Tenant, {
    nullable: true,
    description:
      'Stops a tenant within seconds: nothing can be registered or verified, and its keys are refused. null when there is none of this id. Needs an admin key.',
  })
  disableTenant(
    @Arg('id', () => ID, { description: "The tenant's id." }) id: string,
    @Ctx() context: TenantContext,
  ): Promise<TenantRecord | null> {
    return change(id, { status: 'disabled' }, context)
  }

  @Allow('ADMIN')
  @Mutation(() => Tenant, {
    nullable: true,
    description: 'Lets a disabled tenant work again. null when there is none of this id. Needs an admin key.',
  })
  enableTenant(
    @Arg('id', () => ID, { description: "The tenant's id." }) id: string,
    @Ctx() context: TenantContext,
  ): Promise<TenantRecord | null> {
    return change(id, { status: 'active' }, context)
  }

  @Allow('ADMIN')
  @Mutation(() => Boolean, {
    description:
      'Deletes a tenant with everything of it: identities, keys, events, statistics. It ends at once, the rest is gone within seconds or minutes. false when there is none of this id. Needs an admin key.',
  })
  async deleteTenant(
    @Arg('id', () => ID, { description: "The tenant's id." }) id: string,
    @Ctx() { caller, services }: TenantContext,
  ): Promise<boolean> {
    if (!tenantId.safeParse(id).success) return false
    const deleted = await services.persistence.deleteTenant(id, actorOf(known(caller)))
    services.tenants.forget(id)
    // Also for a tenant that is gone already: the call that deleted it may not have reached the mailer.
    await services.mailer.forgetTenant(id).catch((cause: unknown) => {
      throw new ProblemError('unavailable', HALF_DELETED, { cause })
    })
    return deleted
  }
}

async function change(id: string, request: TenantUpdateRequest, { caller, services }: TenantContext) {
  if (!tenantId.safeParse(id).success) return null
  const changed = await services.persistence.updateTenant(id, request, actorOf(known(caller)))
  services.tenants.forget(id)
  return changed ?? null
}
