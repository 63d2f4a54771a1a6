import type { ApiKeyScope } from '@emailauth/contracts/api-keys'
import type { Session as SessionRecord } from '@emailauth/contracts/sessions'
import { Ctx, Field, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { Session } from '../auth/session.types.ts'
import { ApiKeyScopes } from './api-key.types.ts'
import type { TenantContext } from './tenant.context.ts'
import { Tenant } from './tenant.types.ts'

@ObjectType('Viewer', {
  simpleResolvers: true,
  description: 'The caller: the holder of an API key, or an admin who has signed in.',
})
export class Viewer {
  @Field(() => ID, { nullable: true, description: 'The id of the API key that was sent; null in a session.' })
  apiKeyId!: string | null

  @Field(() => ApiKeyScopes, { description: 'What the caller may do.' })
  scope!: ApiKeyScope

  @Field(() => Session, {
    nullable: true,
    description: 'The session of an admin who signed in; null with an API key.',
  })
  session!: SessionRecord | null

  /** `tenant` is resolved from it. */
  tenantId!: string | null
}

@Resolver(() => Viewer)
export class ViewerResolver {
  @Allow('ANY_KEY')
  @Query(() => Viewer, { description: "Who is asking: the API key's scope and tenant." })
  viewer(@Ctx() { caller }: TenantContext): Viewer {
    const { apiKeyId = null, tenantId = null, session = null, ...rest } = known(caller)
    const scope = rest.scope === 'admin' && rest.isReadOnly ? 'admin-read-only' : rest.scope
    return { apiKeyId, scope, tenantId, session }
  }

  @FieldResolver(() => Tenant, { nullable: true, description: "The caller's tenant; null for admins." })
  async tenant(@Root() { tenantId }: Viewer, @Ctx() { services }: TenantContext): Promise<Tenant | null> {
    return tenantId === null ? null : ((await services.tenants.find(tenantId)) ?? null)
  }
}
