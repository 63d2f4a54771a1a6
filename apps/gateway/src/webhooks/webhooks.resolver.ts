import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { attemptCursor } from '@emailauth/contracts/webhook-deliveries'
import { type WebhookEndpoint as EndpointRecord, webhookPosition } from '@emailauth/contracts/webhooks'
import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { badInput } from '../graphql/input.ts'
import { Costs, pageWork } from '../graphql/limits/field-cost.ts'
import { toConnection } from '../graphql/lists/connection.ts'
import { ListPageArgs, readCursor, writeCursor } from '../graphql/lists/list-pages.ts'
import { AFTER, AFTER_HELP, checkFirst, FIRST } from '../graphql/lists/page-length.ts'
import type { WebhookContext } from './webhook.context.ts'
import {
  WebhookAttemptConnection,
  WebhookEndpoint,
  WebhookEndpointConnection,
  WebhookState,
} from './webhook.types.ts'
import { mayUseWebhook, webhookTenant } from './webhook-access.ts'

@Resolver(() => WebhookEndpoint)
export class WebhooksResolver {
  @Costs(() => 20)
  @Allow('ANY_KEY')
  @Query(() => [WebhookEndpoint], {
    description: 'The webhook endpoints of a tenant, at most 20, oldest first.',
  })
  async webhookEndpoints(
    @Arg('tenantId', () => ID, {
      nullable: true,
      description: "The tenant. Default: the key's own; an admin must name one.",
    })
    tenantId: string | null | undefined,
    @Ctx() { caller, services }: WebhookContext,
  ): Promise<readonly EndpointRecord[]> {
    return services.persistence.webhooks(webhookTenant(caller, tenantId))
  }

  @Costs((given) => pageWork(given('first'), PAGE_DEFAULT, PAGE_MAX))
  @Allow('ANY_KEY')
  @Query(() => WebhookEndpointConnection, {
    description: 'The webhook endpoints of a tenant, or of all, in pages, by tenant and oldest first.',
  })
  async webhookEndpointConnection(
    @Arg('tenantId', () => ID, {
      nullable: true,
      description: "The tenant. Default: the key's own; with an admin key those of all.",
    })
    asked: string | null | undefined,
    @Args(() => ListPageArgs) { first, after }: ListPageArgs,
    @Ctx() { caller, services }: WebhookContext,
  ): Promise<WebhookEndpointConnection> {
    checkFirst(first)
    const from = after === null || after === undefined ? undefined : readCursor(after)
    const isAll = known(caller).scope === 'admin' && (asked ?? undefined) === undefined
    const page = await services.persistence.webhookPage({
      first,
      ...(!isAll && { tenantId: webhookTenant(caller, asked) }),
      ...(from !== undefined && { after: from }),
    })
    const edges = page.webhooks.map((node) => ({ cursor: writeCursor(webhookPosition(node)), node }))
    return toConnection(edges, {
      endCursor: edges.at(-1)?.cursor ?? null,
      hasNextPage: page.hasMore,
      hasPreviousPage: from !== undefined,
    })
  }

  @Costs(() => 1)
  @Allow('ANY_KEY')
  @Query(() => WebhookEndpoint, {
    nullable: true,
    description: 'One webhook endpoint; null when there is none of this id.',
  })
  async webhookEndpoint(
    @Arg('id', () => ID, { description: "The endpoint's id." }) id: string,
    @Ctx() { caller, services }: WebhookContext,
  ): Promise<EndpointRecord | null> {
    if (!mayUseWebhook(caller, id)) return null
    return (await services.persistence.webhook(id)) ?? null
  }

  @Costs((given) => pageWork(given('first'), PAGE_DEFAULT, PAGE_MAX))
  @Allow('ANY_KEY')
  @Query(() => WebhookAttemptConnection, {
    description: 'Attempts to deliver events to an endpoint, newest first: the last 1,000, for a week.',
  })
  async webhookAttempts(
    @Arg('endpointId', () => ID, { description: "The endpoint's id." }) endpointId: string,
    @Arg('first', () => Int, FIRST)
    first: number,
    @Arg('after', () => String, AFTER)
    after: string | null | undefined,
    @Ctx() { caller, services }: WebhookContext,
  ): Promise<WebhookAttemptConnection> {
    checkFirst(first)
    const from = after ?? undefined
    if (from !== undefined && !attemptCursor.safeParse(from).success) throw badInput('after', AFTER_HELP)
    const page = mayUseWebhook(caller, endpointId)
      ? await services.mailer.webhookAttempts(endpointId, first, from)
      : { attempts: [], nextAfter: null }
    const edges = page.attempts.map(({ cursor, ...node }) => ({ cursor, node }))
    const hasNextPage = page.nextAfter !== null
    const endCursor = edges.at(-1)?.cursor ?? null
    return toConnection(edges, { endCursor, hasNextPage, hasPreviousPage: from !== undefined })
  }

  @FieldResolver(() => WebhookState, {
    description: 'Events that wait or failed, and when the endpoint last worked.',
  })
  state(@Root() { id }: WebhookEndpoint, @Ctx() { services }: WebhookContext): Promise<WebhookState> {
    return services.mailer.webhookState(id)
  }
}
