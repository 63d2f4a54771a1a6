import { type ApiKeyScope, apiKeyScope } from '@emailauth/contracts/api-keys'
import type { Actor as ActorRecord } from '@emailauth/contracts/events'
import { GraphQLDateTime } from 'graphql-scalars'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { Actor } from '../events/event.types.ts'
import { contractEnum } from '../graphql/contract-enum.ts'

/** The scopes of the REST contract by their GraphQL names. */
export const ApiKeyScopes = contractEnum(apiKeyScope.options, {
  name: 'ApiKeyScope',
  description: 'What an API key may do.',
  values: {
    tenant: 'Register, verify, resend, list and revoke in its own tenant.',
    admin: 'Tenants, API keys, and the identities of every tenant. It neither registers nor verifies.',
    'admin-read-only': 'Sees all that ADMIN sees, and changes nothing.',
  },
})

@ObjectType('ApiKey', {
  simpleResolvers: true,
  description: 'An API key as it is listed: never the key itself.',
})
export class ApiKey {
  @Field(() => ID, { description: 'The public part of the key, by which it is named.' })
  id!: string

  @Field(() => ApiKeyScopes, { description: 'What it may do.' })
  scope!: ApiKeyScope

  @Field(() => String, { description: 'What it is for, in the words of who made it.' })
  name!: string

  @Field(() => GraphQLDateTime, { description: 'When it was made.' })
  createdAt!: string

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it was revoked; null while it works.' })
  revokedAt!: string | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it stops working by itself; null: never.',
  })
  expiresAt!: string | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it was last used, to the minute; null: never.',
  })
  lastUsedAt!: string | null

  @Field(() => Actor, {
    nullable: true,
    description: 'Who made it; null when that cannot be read any more.',
  })
  createdBy!: ActorRecord | null

  /** `tenant` is resolved from it. */
  tenantId!: string | null
}

@ObjectType('CreatedApiKey', {
  simpleResolvers: true,
  description: 'The only answer that carries a whole API key.',
})
export class CreatedApiKey {
  @Field(() => ApiKey, { description: 'The key as it is listed from now on.' })
  apiKey!: ApiKey

  @Field(() => String, { description: 'The key itself. It cannot be read again.' })
  key!: string
}

@InputType('CreateApiKeyInput', { description: 'An API key to make.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What it is for: 1 to 80 characters.' })
  name!: string

  @Field(() => ApiKeyScopes, { defaultValue: ApiKeyScopes.TENANT, description: 'What it may do.' })
  scope!: ApiKeyScope

  @Field(() => ID, {
    nullable: true,
    description: 'Its tenant. Needed with TENANT, not allowed with the others.',
  })
  tenantId?: string | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it stops working by itself. Default: never.',
  })
  expiresAt?: Date | null
}
