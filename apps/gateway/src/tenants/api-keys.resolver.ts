import {
  type ApiKeyCreateRequest,
  type ApiKey as ApiKeyRecord,
  apiKeyId,
  apiKeyRotateRequest,
  type CreatedApiKey as CreatedApiKeyRecord,
} from '@emailauth/contracts/api-keys'
import { OVERLAP_DEFAULT_SECONDS, OVERLAP_RANGE, OVERLAP_RULE } from '@emailauth/contracts/overlap'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { badInput, checkInput, checkTenantId } from '../graphql/input.ts'
import { Costs, pageWork } from '../graphql/limits/field-cost.ts'
import { type Connection, connectionOf } from '../graphql/lists/connection.ts'
import { ListPageArgs, newestFirst, readPage } from '../graphql/lists/list-pages.ts'
import { ApiKey, CreateApiKeyInput, CreatedApiKey } from './api-key.types.ts'
import type { TenantContext } from './tenant.context.ts'
import { Tenant } from './tenant.types.ts'

const ApiKeyConnection = connectionOf(ApiKey, {
  name: 'ApiKey',
  item: 'API key',
  items: 'API keys',
  description: 'A page of API keys, newest first.',
})

/** Cursors hold the moment and the id, as those of other lists do. */
const idOf = (key: string) => apiKeyId.safeParse(key.split(' ').at(-1)).data

@Resolver(() => ApiKey)
export class ApiKeysResolver {
  @Costs(() => 100)
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
    @Ctx() { services }: TenantContext,
  ): Promise<readonly ApiKeyRecord[]> {
    return services.persistence.apiKeys(checkTenantId('tenantId', tenantId))
  }

  @Costs((given) => 100 + pageWork(given('first'), PAGE_DEFAULT, PAGE_MAX))
  @Allow('ADMIN')
  @Query(() => ApiKeyConnection, {
    description: "A tenant's API keys, or the admin keys, in pages, newest first. Needs an admin key.",
  })
  async apiKeyConnection(
    @Arg('tenantId', () => ID, {
      nullable: true,
      description: 'The tenant whose keys to list. Default: the admin keys.',
    })
    tenantId: string | null | undefined,
    @Args(() => ListPageArgs) page: ListPageArgs,
    @Ctx() { services }: TenantContext,
  ): Promise<Connection<ApiKeyRecord>> {
    const ofTenant = checkTenantId('tenantId', tenantId)
    const read = async (query: { first: number; after?: string }) => {
      const { apiKeys, hasNextPage } = await services.persistence.apiKeyPage({ ...query, tenantId: ofTenant })
      return { items: apiKeys, hasNextPage }
    }
    return readPage({ key: newestFirst, idOf, read }, page)
  }

  @Allow('ADMIN')
  @Mutation(() => CreatedApiKey, {
    description: 'Makes an API key. The answer is the only one that carries it. Needs an admin key.',
  })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The key to make.' }) input: CreateApiKeyInput,
    @Ctx() { caller, services }: TenantContext,
  ): Promise<CreatedApiKeyRecord> {
    return services.persistence.createApiKey(createRequest(input), actorOf(known(caller)))
  }

  @Allow('ADMIN')
  @Mutation(() => Boolean, {
    description:
      'Revokes an API key; it stops working everywhere within 5 s. false when there is no such key. Needs an admin key.',
  })
  async revokeApiKey(
    @Arg('id', () => ID, { description: "The key's id." }) id: string,
    @Arg('alsoMadeByIt', () => Boolean, {
      defaultValue: false,
      description:
        'Also revoke the keys that were made or rotated with it, and those that were made with these.',
    })
    alsoMadeByIt: boolean,
    @Ctx() { caller, services }: TenantContext,
  ): Promise<boolean> {
    if (!apiKeyId.safeParse(id).success) return false
    const revoked = await services.persistence.revokeApiKey(id, alsoMadeByIt, actorOf(known(caller)))
    services.callers.forget(id)
    return revoked
  }

  @Allow('ADMIN')
  @Mutation(() => CreatedApiKey, {
    nullable: true,
    description:
      'Makes an API key like another one, which itself stops working after a while, so that programs can change over. null when there is no such key that still works. Needs an admin key.',
  })
  async rotateApiKey(
    @Arg('id', () => ID, { description: 'The id of the key to take over from.' }) id: string,
    @Arg('overlapSeconds', () => Int, {
      defaultValue: OVERLAP_DEFAULT_SECONDS,
      description: `How long the old key goes on working: ${OVERLAP_RANGE}.`,
    })
    overlapSeconds: number,
    @Ctx() { caller, services }: TenantContext,
  ): Promise<CreatedApiKeyRecord | null> {
    const request = checkInput(apiKeyRotateRequest, { overlapSeconds }, ROTATE_HELP)
    if (!apiKeyId.safeParse(id).success) return null
    const created = await services.persistence.rotateApiKey(id, request, actorOf(known(caller)))
    services.callers.forget(id)
    return created ?? null
  }

  @FieldResolver(() => Tenant, {
    nullable: true,
    description: 'The tenant it belongs to; null for admin keys.',
  })
  async tenant(@Root() { tenantId }: ApiKey, @Ctx() { services }: TenantContext): Promise<Tenant | null> {
    return tenantId === null ? null : ((await services.tenants.find(tenantId)) ?? null)
  }
}

const ROTATE_HELP = { overlapSeconds: OVERLAP_RULE }

function createRequest({ scope, name, tenantId, expiresAt }: CreateApiKeyInput): ApiKeyCreateRequest {
  const end = expiresAt ? { expiresAt: expiresAt.toISOString() } : {}
  const given = tenantId ?? undefined
  if (scope !== 'tenant') {
    if (given !== undefined) throw badInput('tenantId', { tenantId: 'is allowed with scope TENANT only.' })
    return { scope, name, ...end }
  }
  if (given === undefined) throw badInput('tenantId', { tenantId: 'is needed with scope TENANT.' })
  return { scope, name, tenantId: given, ...end }
}
