import { EMAIL_MAX_LENGTH, identityId } from '@emailauth/contracts/common'
import { DOMAIN_MAX_LENGTH, type Identity as IdentityRecord } from '@emailauth/contracts/identities'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql'
import { Allow, known, maySee } from '../access/access.ts'
import type { Caller } from '../access/caller.ts'
import { badInput, CALL_HELP, checkTenantId, withoutNulls } from '../graphql/input.ts'
import { Costs, mayHave, pageWork } from '../graphql/limits/field-cost.ts'
import { AFTER, AFTER_HELP, checkFirst, FIRST } from '../graphql/lists/page-length.ts'
import { checkTimeRange } from '../graphql/lists/time-range.ts'
import { Message } from '../messages/message.types.ts'
import { Tenant } from '../tenants/tenant.types.ts'
import { deliveryOf } from './delivery-of.ts'
import type { IdentityContext } from './identity.context.ts'
import { Delivery, Identity, IdentityConnection, IdentityFilter } from './identity.types.ts'
import { identityPage, type PageQuery } from './identity-pages.ts'

const CURSOR_MAX_LENGTH = 200
const HELP = {
  ...AFTER_HELP,
  email: CALL_HELP.email,
  domain: 'must be the domain of an address.',
}

@Resolver(() => Identity)
export class IdentitiesResolver {
  @Costs((given) =>
    // By delivery, two pages of 200 are looked through, and so are their mails; by domain 5,000 identities.
    ['delivery', 'domain'].some((field) => mayHave(given('filter'), field))
      ? 500
      : pageWork(given('first'), PAGE_DEFAULT, PAGE_MAX),
  )
  @Allow('ANY_KEY')
  @Query(() => IdentityConnection, {
    description:
      "Live identities, newest first. A tenant's key sees its own tenant's, an admin key those of every tenant.",
  })
  async identities(
    @Arg('first', () => Int, FIRST)
    first: number,
    @Arg('after', () => String, AFTER)
    after: string | null | undefined,
    @Arg('filter', () => IdentityFilter, { nullable: true, description: 'Which of them. Default: all.' })
    filter: IdentityFilter | null | undefined,
    @Ctx() { caller, services }: IdentityContext,
  ): Promise<IdentityConnection> {
    const query = pageQuery({ first, after, filter }, known(caller))
    return identityPage(query, services.persistence, services.mailer)
  }

  @Allow('ANY_KEY')
  @Query(() => Identity, {
    nullable: true,
    description: 'One live identity, or null when there is none of this id that the caller may see.',
  })
  async identity(
    @Arg('id', () => ID, { description: "The identity's id." }) id: string,
    @Ctx() { caller, services }: IdentityContext,
  ): Promise<IdentityRecord | null> {
    if (!identityId.safeParse(id).success) return null
    const identity = await services.persistence.identity(id)
    return identity !== undefined && maySee(caller, identity.tenantId) ? identity : null
  }

  @FieldResolver(() => Tenant, { description: 'The tenant it belongs to.' })
  async tenant(@Root() { tenantId }: Identity, @Ctx() { services }: IdentityContext): Promise<Tenant> {
    const tenant = await services.tenants.find(tenantId)
    if (tenant === undefined) throw new Error('an identity names a tenant that is not there')
    return tenant
  }

  @FieldResolver(() => Message, {
    nullable: true,
    description:
      'Its newest mail; null when none is known, and with an error beside the data when the mailer cannot be asked.',
  })
  async message(@Root() { id }: Identity, @Ctx() { services }: IdentityContext): Promise<Message | null> {
    return (await services.mailer.message(id)) ?? null
  }

  @FieldResolver(() => Delivery, { description: 'Delivery of the mail with its number.' })
  delivery(@Root() identity: IdentityRecord, @Ctx() { services }: IdentityContext): Promise<Delivery> {
    return deliveryOf(identity, services)
  }
}

interface PageArguments {
  readonly first: number
  readonly after: string | null | undefined
  readonly filter: IdentityFilter | null | undefined
}

function pageQuery({ first, after, filter }: PageArguments, caller: Caller): PageQuery {
  checkFirst(first)
  if ((after?.length ?? 0) > CURSOR_MAX_LENGTH) throw badInput('after', HELP)
  const { from, to, ...others } = filter ?? {}
  const { email, domain, delivery, tenantId: asked } = withoutNulls(others)
  if ((email?.length ?? 0) > 4 * EMAIL_MAX_LENGTH) throw badInput('email', HELP)
  if ((domain?.length ?? 0) > DOMAIN_MAX_LENGTH) throw badInput('domain', HELP)
  const filterTenantId = checkTenantId('tenantId', asked)
  if (filterTenantId !== undefined && !maySee(caller, filterTenantId)) {
    throw new ProblemError('forbidden', 'This API key sees the identities of its own tenant only.')
  }
  const tenantId = caller.tenantId ?? filterTenantId
  return {
    first,
    ...(typeof after === 'string' ? { after } : {}),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(email === undefined ? {} : { email }),
    ...(domain === undefined ? {} : { domain }),
    ...(delivery === undefined ? {} : { delivery }),
    ...checkTimeRange({ from, to }),
  }
}
