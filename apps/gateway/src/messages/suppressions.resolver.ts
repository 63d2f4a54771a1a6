import { EMAIL_MAX_LENGTH } from '@emailauth/contracts/common'
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { Allow, known } from '../auth/access.ts'
import { actorOf } from '../auth/caller.ts'
import type { GatewayContext } from '../graphql/context.ts'
import { Costs, pageWork } from '../graphql/field-cost.ts'
import { checkTenantId } from '../graphql/input.ts'
import { checkTenantPage, pageInfo, TenantPageArgs } from './page-arguments.ts'
import { SuppressionConnection } from './suppression.types.ts'

@Resolver()
export class SuppressionsResolver {
  @Costs((given) => pageWork(given('first'), 50, 200))
  @Allow('ADMIN')
  @Query(() => SuppressionConnection, {
    description:
      'Addresses that a tenant’s mails are not sent to, because one came back; newest first. Needs an admin key.',
  })
  async suppressions(
    @Args(() => TenantPageArgs) args: TenantPageArgs,
    @Ctx() { services }: GatewayContext,
  ): Promise<SuppressionConnection> {
    const page = checkTenantPage(args)
    const { suppressions, nextAfter } = await services.mailer.suppressions(page)
    return { nodes: suppressions, pageInfo: pageInfo(page, nextAfter) }
  }

  @Allow('ADMIN')
  @Mutation(() => Boolean, {
    description:
      'Takes an address off the list, so that mails are sent to it again. false when it was not on it. Needs an admin key.',
  })
  async clearSuppression(
    @Arg('tenantId', () => ID, { description: "The tenant's id." }) tenantId: string,
    @Arg('email', () => String, { description: 'The address, as the list shows it.' }) email: string,
    @Ctx() { caller, services }: GatewayContext,
  ): Promise<boolean> {
    checkTenantId('tenantId', tenantId)
    if (email === '' || email.length > EMAIL_MAX_LENGTH) return false
    const act = { type: 'suppression.cleared', tenantId, target: tenantId, email } as const
    await services.persistence.recordMailAct(act, actorOf(known(caller)))
    return services.mailer.clearSuppression(tenantId, email)
  }
}
