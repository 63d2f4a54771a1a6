import { tenantId } from '@emailauth/contracts/common'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import type { Tenant as TenantRecord } from '@emailauth/contracts/tenants'
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { Allow, known, maySee } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { Costs, pageWork } from '../graphql/limits/field-cost.ts'
import { type Connection, connectionOf } from '../graphql/lists/connection.ts'
import { ListPageArgs, readPage } from '../graphql/lists/list-pages.ts'
import type { TenantContext } from './tenant.context.ts'
import { Tenant } from './tenant.types.ts'
import { CreateTenantInput } from './tenant-input.types.ts'
import { createRequest } from './tenant-requests.ts'

const TenantConnection = connectionOf(Tenant, {
  name: 'Tenant',
  item: 'tenant',
  items: 'tenants',
  description: 'A page of tenants, by id.',
})

@Resolver(() => Tenant)
export class TenantsResolver {
  @Costs(() => 100)
  @Allow('ADMIN')
  @Query(() => [Tenant], { description: 'All tenants, by id. Needs an admin key.' })
  async tenants(@Ctx() { services }: TenantContext): Promise<readonly TenantRecord[]> {
    return services.persistence.tenants()
  }

  @Costs((given) => 100 + pageWork(given('first'), PAGE_DEFAULT, PAGE_MAX))
  @Allow('ADMIN')
  @Query(() => TenantConnection, { description: 'Tenants by id, in pages. Needs an admin key.' })
  async tenantConnection(
    @Args(() => ListPageArgs) page: ListPageArgs,
    @Ctx() { services }: TenantContext,
  ): Promise<Connection<TenantRecord>> {
    const read = async (query: { first: number; after?: string }) => {
      const { tenants, hasNextPage } = await services.persistence.tenantPage(query)
      return { items: tenants, hasNextPage }
    }
    return readPage({ key: ({ id }) => id, idOf: (key) => tenantId.safeParse(key).data, read }, page)
  }

  @Allow('ANY_KEY')
  @Query(() => Tenant, {
    nullable: true,
    description:
      "One tenant, or null when there is none of this id. A tenant's key sees its own tenant only.",
  })
  async tenant(
    @Arg('id', () => ID, { description: "The tenant's id." }) id: string,
    @Ctx() { caller, services }: TenantContext,
  ): Promise<TenantRecord | null> {
    if (!maySee(caller, id) || !tenantId.safeParse(id).success) return null
    // Not from the cache, because another gateway may just have changed the tenant.
    const isAdmin = known(caller).scope === 'admin'
    return (await (isAdmin ? services.persistence.tenant(id) : services.tenants.find(id))) ?? null
  }

  @Allow('ADMIN')
  @Mutation(() => Tenant, { description: 'Makes a tenant. Needs an admin key.' })
  async createTenant(
    @Arg('input', () => CreateTenantInput, { description: 'The tenant to make.' }) input: CreateTenantInput,
    @Ctx() { caller, services }: TenantContext,
  ): Promise<TenantRecord> {
    return services.persistence.createTenant(createRequest(input), actorOf(known(caller)))
  }
}
