import {
  type ApiKeyCreateRequest,
  type ApiKey as ApiKeyRecord,
  apiKeyId,
  type CreatedApiKey as CreatedApiKeyRecord,
} from '@emailauth/contracts/api-keys'
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Allow } from '../graphql/access.ts'
import type { GatewayContext } from '../graphql/context.ts'
import { badInput, checkTenantId } from '../graphql/input.ts'
import { ApiKey, CreateApiKeyInput, CreatedApiKey } from './api-key.types.ts'
import { Tenant } from './tenant.types.ts'

@Resolver(() => ApiKey)
export class ApiKeysResolver {
  @Allow('ADMIN')
  @Query(() => [ApiKey], {
    description: "A tenant's API keys, or the admin keys; revoked ones too. Needs an admin key.",
  })
  async apiKeys(
    @Arg('tenantId', () => ID, {
      nullable: true,
      description: 'The tenant whose keys to list. Default: the admin keys.',
    })
    tenantId: string | null | undefined,
    @Ctx() { services }: GatewayContext,
  ): Promise<readonly ApiKeyRecord[]> {
    return services.persistence.apiKeys(checkTenantId('tenantId', tenantId))
  }

  @Allow('ADMIN')
  @Mutation(() => CreatedApiKey, {
    description: 'Makes an API key. The answer is the only one that carries it. Needs an admin key.',
  })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The key to make.' }) input: CreateApiKeyInput,
    @Ctx() { services }: GatewayContext,
  ): Promise<CreatedApiKeyRecord> {
    return services.persistence.createApiKey(createRequest(input))
  }

  @Allow('ADMIN')
  @Mutation(() => Boolean, {
    description:
      'Revokes an API key; it stops working everywhere within 5 s. false when there is no such key. Needs an admin key.',
  })
  async revokeApiKey(
    @Arg('id', () => ID, { description: "The key's id." }) id: string,
    @Ctx() { services }: GatewayContext,
  ): Promise<boolean> {
    if (!apiKeyId.safeParse(id).success) return false
    const revoked = await services.persistence.revokeApiKey(id)
    services.callers.forget(id)
    return revoked
  }

  @FieldResolver(() => Tenant, {
    nullable: true,
    description: 'The tenant it belongs to; null for admin keys.',
  })
  async tenant(@Root() { tenantId }: ApiKey, @Ctx() { services }: GatewayContext): Promise<Tenant | null> {
    return tenantId === null ? null : ((await services.tenants.find(tenantId)) ?? null)
  }
}

function createRequest({ scope, name, tenantId }: CreateApiKeyInput): ApiKeyCreateRequest {
  const given = tenantId ?? undefined
  if (scope === 'admin') {
    if (given !== undefined) throw badInput('tenantId', { tenantId: 'is not allowed with scope ADMIN.' })
    return { scope, name }
  }
  if (given === undefined) throw badInput('tenantId', { tenantId: 'is needed with scope TENANT.' })
  return { scope, name, tenantId: given }
}
