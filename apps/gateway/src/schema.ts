import 'reflect-metadata'
import { type GraphQLSchema, isScalarType, isUnionType, lexicographicSortSchema, printSchema } from 'graphql'
import { buildSchemaSync, type PubSub } from 'type-graphql'
import { assertEveryRootFieldHasAccess, checkAccess } from './access/access.ts'
import { PasskeysResolver } from './auth/passkeys.resolver.ts'
import { SessionsResolver } from './auth/sessions.resolver.ts'
import { SignInResolver } from './auth/sign-in.resolver.ts'
import { EventsResolver } from './events/events.resolver.ts'
import { StatisticsResolver } from './events/statistics.resolver.ts'
import { callResolversDirectly } from './graphql/fast-path/direct-resolvers.ts'
import { limitReads } from './graphql/limits/reads-in-turns.ts'
import { IdentitiesResolver } from './identities/identities.resolver.ts'
import { RevokeIdentityResolver } from './identities/revoke-identity.resolver.ts'
import { MailPreviewsResolver } from './messages/mail-previews.resolver.ts'
import { MessageChangesResolver } from './messages/message-changes.resolver.ts'
import { MessagesResolver } from './messages/messages.resolver.ts'
import { RelayChecksResolver } from './messages/relay-checks.resolver.ts'
import { SuppressionsResolver } from './messages/suppressions.resolver.ts'
import { RegisterResolver } from './registration/register.resolver.ts'
import { ResendResolver } from './registration/resend.resolver.ts'
import { SystemResolver } from './system/system.resolver.ts'
import { ApiKeysResolver } from './tenants/api-keys.resolver.ts'
import { TenantChangesResolver } from './tenants/tenant-changes.resolver.ts'
import { TenantRiskResolver } from './tenants/tenant-risk.resolver.ts'
import { TenantsResolver } from './tenants/tenants.resolver.ts'
import { ViewerResolver } from './tenants/viewer.resolver.ts'
import { ExchangeResolver } from './verification/exchange.resolver.ts'
import { VerifyResolver } from './verification/verify.resolver.ts'
import { WebhookChangesResolver } from './webhooks/webhook-changes.resolver.ts'
import { WebhookReplaysResolver } from './webhooks/webhook-replays.resolver.ts'
import { WebhooksResolver } from './webhooks/webhooks.resolver.ts'

const RESOLVERS = [
  RegisterResolver,
  ResendResolver,
  VerifyResolver,
  ExchangeResolver,
  IdentitiesResolver,
  RevokeIdentityResolver,
  TenantRiskResolver,
  TenantsResolver,
  TenantChangesResolver,
  ApiKeysResolver,
  ViewerResolver,
  SignInResolver,
  SessionsResolver,
  PasskeysResolver,
  EventsResolver,
  StatisticsResolver,
  MailPreviewsResolver,
  RelayChecksResolver,
  SuppressionsResolver,
  MessagesResolver,
  MessageChangesResolver,
  SystemResolver,
  WebhooksResolver,
  WebhookChangesResolver,
  WebhookReplaysResolver,
] as const

/**
 * Builds the GraphQL schema from the resolvers.
 * @throws {Error} when a query or mutation does not say who may call it.
 */
export function buildGatewaySchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: RESOLVERS,
    authChecker: checkAccess,
    // Inputs are validated by the shapes of the REST contracts instead.
    validate: false,
    // A test validates the schema. Here the check would take a quarter of the gateway's start.
    skipCheck: true,
    // Every subscription brings its own source; type-graphql wants to be given one all the same.
    pubSub: NO_PUB_SUB,
  })
  assertEveryRootFieldHasAccess(RESOLVERS)
  callResolversDirectly(schema)
  limitReads(schema)
  // Each member of a union resolves its own type name. type-graphql would return a promise for it, which
  // costs time and which a compiled query cannot await.
  for (const type of Object.values(schema.getTypeMap())) {
    if (isUnionType(type)) type.resolveType = (value: { __typename?: string }) => value.__typename
  }
  const dateTime = schema.getType('DateTime')
  if (isScalarType(dateTime)) dateTime.specifiedByURL = DATE_TIME_SPECIFICATION
  // No decorator takes the descriptions of the root types.
  Object.assign(schema.getQueryType() ?? {}, {
    description: 'What can be read. Every field needs an API key.',
  })
  Object.assign(schema.getMutationType() ?? {}, {
    description:
      'What can be done. Every field but the steps of signing in needs an API key or a session; register, verify, resend, exchange and these steps come one at a time.',
  })
  Object.assign(schema.getSubscriptionType() ?? {}, {
    description: 'What can be followed, over WebSocket. Every field needs an API key.',
  })
  return schema
}

const DATE_TIME_SPECIFICATION = 'https://scalars.graphql.org/andimarek/date-time.html'

const NO_PUB_SUB: PubSub = {
  publish() {},
  subscribe() {
    throw new Error('this subscription has no source of its own')
  },
}

/** The schema as it is committed: sorted, so that a change of it reads as one. */
export function printGatewaySchema(): string {
  return `${printSchema(lexicographicSortSchema(buildGatewaySchema()))}\n`
}
