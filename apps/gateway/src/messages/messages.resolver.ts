import { type MessageState, messageState } from '@emailauth/contracts/messages'
import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql'
import { Allow } from '../auth/access.ts'
import type { GatewayContext } from '../graphql/context.ts'
import { checkTenantId } from '../graphql/input.ts'
import { MessageConnection, MessageCount, MessageStates } from './message.types.ts'
import { checkPage, pageInfo, TenantPageArgs } from './page-arguments.ts'

@Resolver()
export class MessagesResolver {
  @Allow('ADMIN')
  @Query(() => MessageConnection, {
    description:
      "A tenant's mails in a state, latest change first, while their numbers live. Needs an admin key.",
  })
  async messages(
    @Args(() => TenantPageArgs) args: TenantPageArgs,
    @Arg('state', () => MessageStates, { description: 'In which state.' }) state: MessageState,
    @Ctx() { services }: GatewayContext,
  ): Promise<MessageConnection> {
    const page = checkPage(args)
    const { messages, nextAfter } = await services.mailer.messagesInState(state, page)
    return { nodes: messages, pageInfo: pageInfo(page, nextAfter) }
  }

  @Allow('ADMIN')
  @Query(() => [MessageCount], {
    description:
      "How many of a tenant's mails reached each state within a day. Of a state the latest 10,000 of all tenants are counted. Needs an admin key.",
  })
  async messageCounts(
    @Arg('tenantId', () => ID, { description: "The tenant's id." }) tenantId: string,
    @Ctx() { services }: GatewayContext,
  ): Promise<MessageCount[]> {
    checkTenantId('tenantId', tenantId)
    const counts = await services.mailer.messageCounts(tenantId)
    return messageState.options.map((state) => ({ state, count: counts[state] }))
  }
}
