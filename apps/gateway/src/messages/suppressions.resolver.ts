import { EMAIL_MAX_LENGTH } from '@emailauth/contracts/common'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { SUPPRESSIONS_MAX, suppressionAddRequest } from '@emailauth/contracts/suppressions'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { badInput, checkInput, checkTenantId } from '../graphql/input.ts'
import { Costs, pageWork } from '../graphql/limits/field-cost.ts'
import { toConnection } from '../graphql/lists/connection.ts'
import type { AddSuppressionsContext, MessageContext } from './message.context.ts'
import { checkTenantPage, pageEnd, TenantPageArgs, toEdges } from './page-arguments.ts'
import {
  AddedSuppressions,
  SuppressAddressesInput,
  SuppressionConnection,
  SuppressionInput,
} from './suppression.types.ts'

const HELP = {
  tenantId: 'must be a tenant; addresses of the admins are never suppressed.',
  addresses: `must be 1 to ${SUPPRESSIONS_MAX} addresses with reasons of at most 1,000 characters.`,
}

const ADD_DESCRIPTION =
  'Puts addresses on the list, at most 500 in a call; a tenant’s list has at most 50,000. Repeating it changes nothing. Needs an admin key.'

@Resolver()
export class SuppressionsResolver {
  @Costs((given) => pageWork(given('first'), PAGE_DEFAULT, PAGE_MAX))
  @Allow('ADMIN')
  @Query(() => SuppressionConnection, {
    description: 'Addresses that a tenant’s mails are not sent to, newest first. Needs an admin key.',
  })
  async suppressions(
    @Args(() => TenantPageArgs) args: TenantPageArgs,
    @Ctx() { services }: MessageContext,
  ): Promise<SuppressionConnection> {
    const page = checkTenantPage(args)
    const { suppressions, cursors, nextAfter } = await services.mailer.suppressions(page)
    return toConnection(toEdges(suppressions, cursors), pageEnd(page, nextAfter))
  }

  @Allow('ADMIN')
  @Mutation(() => AddedSuppressions, { description: ADD_DESCRIPTION })
  suppressAddresses(
    @Arg('input', () => SuppressAddressesInput, {
      description: 'The tenant, and the addresses to put on its list.',
    })
    { tenantId, addresses }: SuppressAddressesInput,
    @Ctx() context: AddSuppressionsContext,
  ): Promise<AddedSuppressions> {
    return this.add(tenantId, addresses, context)
  }

  @Allow('ADMIN')
  @Mutation(() => AddedSuppressions, {
    description: ADD_DESCRIPTION,
    deprecationReason: 'Use `suppressAddresses`, which takes one `input` as newer mutations do.',
  })
  addSuppressions(
    @Arg('tenantId', () => ID, { description: "The tenant's id." }) tenantId: string,
    @Arg('addresses', () => [SuppressionInput], { description: 'The addresses: 1 to 500.' })
    addresses: SuppressionInput[],
    @Ctx() context: AddSuppressionsContext,
  ): Promise<AddedSuppressions> {
    return this.add(tenantId, addresses, context)
  }

  @Allow('ADMIN')
  @Mutation(() => Boolean, {
    description:
      'Takes an address off the list, so that mails are sent to it again. false when it was not on it. Needs an admin key.',
  })
  async clearSuppression(
    @Arg('tenantId', () => ID, { description: "The tenant's id." }) tenantId: string,
    @Arg('email', () => String, { description: 'The address, as the list shows it.' }) email: string,
    @Ctx() { caller, services }: MessageContext,
  ): Promise<boolean> {
    checkTenantId('tenantId', tenantId)
    if (email === '' || email.length > EMAIL_MAX_LENGTH) return false
    const act = { type: 'suppression.cleared', tenantId, target: tenantId, email } as const
    await services.persistence.recordMailAct(act, actorOf(known(caller)))
    return services.mailer.clearSuppression(tenantId, email)
  }

  private async add(
    tenantId: string,
    given: readonly SuppressionInput[],
    { caller, services }: AddSuppressionsContext,
  ): Promise<AddedSuppressions> {
    checkTenantId('tenantId', tenantId)
    const addresses = given.map(({ email, reason, suppressedAt }) => ({
      email,
      ...(reason ? { reason } : {}),
      ...(suppressedAt ? { suppressedAt: new Date(suppressedAt).toISOString() } : {}),
    }))
    const request = checkInput(suppressionAddRequest, { tenantId, addresses }, HELP)
    const knownTenant = tenantId === ADMIN_TENANT ? undefined : await services.tenants.find(tenantId)
    if (knownTenant === undefined) throw badInput('tenantId', HELP)
    const [only, ...others] = addresses
    const act = {
      type: 'suppression.added',
      tenantId,
      target: String(addresses.length),
      ...(others.length === 0 && only !== undefined ? { email: only.email.slice(0, EMAIL_MAX_LENGTH) } : {}),
    } as const
    await services.persistence.recordMailAct(act, actorOf(known(caller)))
    const { refused, ...counts } = await services.mailer.addSuppressions(request)
    // Another gateway may have deleted the tenant, which is known here for some seconds more. Asked last:
    // a deletion that begins later clears the list itself. While persistence is away the tenant counts as
    // before: the addresses are on the list, and an error would say that they are not.
    const tenant = await services.persistence.tenant(tenantId).catch((error) => {
      if (error instanceof ProblemError && error.problem.code === 'unavailable') return knownTenant
      throw error
    })
    if (tenant === undefined || tenant.status === 'deleting') {
      await services.mailer.forgetTenant(tenantId)
      throw badInput('tenantId', HELP)
    }
    return { ...counts, refused: refused.map(({ index, detail }) => ({ index, message: detail })) }
  }
}
