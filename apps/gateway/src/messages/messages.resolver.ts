import type { DeliveryReason } from '@emailauth/contracts/delivery-reason'
import type { Identity as IdentityRecord } from '@emailauth/contracts/identities'
import { type MessageState, messageState } from '@emailauth/contracts/messages'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { Allow } from '../access/access.ts'
import { DeliveryReasons } from '../events/delivery-reason.types.ts'
import { checkTenantId } from '../graphql/input.ts'
import { Costs, pageWork } from '../graphql/limits/field-cost.ts'
import { toConnection } from '../graphql/lists/connection.ts'
import { checkTimeRange, TimeRangeArgs } from '../graphql/lists/time-range.ts'
import { Identity } from '../identities/identity.types.ts'
import type { MessageContext } from './message.context.ts'
import { Message, MessageConnection, MessageCount, MessageStates } from './message.types.ts'
import { checkPage, PageArgs, pageEnd, toEdges } from './page-arguments.ts'

@Resolver(() => Message)
export class MessagesResolver {
  @Costs((given) => pageWork(given('first'), PAGE_DEFAULT, PAGE_MAX))
  @Allow('ADMIN')
  @Query(() => MessageConnection, {
    description:
      "Mails in a state, latest change first, while their numbers are valid: one tenant's, or all tenants'. Needs an admin key.",
  })
  async messages(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('state', () => MessageStates, { description: 'Only messages in this state.' }) state: MessageState,
    @Arg('reason', () => DeliveryReasons, {
      nullable: true,
      description: 'For this reason only. A page may be short or empty although more follow (`hasNextPage`).',
    })
    reason: DeliveryReason | null | undefined,
    @Args(() => TimeRangeArgs) range: TimeRangeArgs,
    @Ctx() { services }: MessageContext,
  ): Promise<MessageConnection> {
    const page = checkPage(args)
    const { messages, cursors, nextAfter } = await services.mailer.messagesInState(state, {
      ...page,
      ...checkTimeRange(range),
      reason: reason ?? undefined,
    })
    return toConnection(toEdges(messages, cursors), pageEnd(page, nextAfter))
  }

  @FieldResolver(() => Identity, {
    nullable: true,
    description: 'Whose number it carries; null when that identity is over.',
  })
  async identity(
    @Root() { identityId }: Message,
    @Ctx() { services }: MessageContext,
  ): Promise<IdentityRecord | null> {
    return (await services.persistence.identity(identityId)) ?? null
  }

  @Costs(() => 500)
  @Allow('ADMIN')
  @Query(() => [MessageCount], {
    description:
      "How many of a tenant's mails reached each state within a day. Of a state the latest 10,000 of all tenants are counted. Needs an admin key.",
  })
  async messageCounts(
    @Arg('tenantId', () => ID, { description: "The tenant's id." }) tenantId: string,
    @Ctx() { services }: MessageContext,
  ): Promise<MessageCount[]> {
    checkTenantId('tenantId', tenantId)
    const counts = await services.mailer.messageCounts(tenantId)
    return messageState.options.map((state) => ({ state, count: counts[state] }))
  }
}
