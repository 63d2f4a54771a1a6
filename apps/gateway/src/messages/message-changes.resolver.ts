import { identityId } from '@emailauth/contracts/common'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { badInput, checkTenantId } from '../graphql/input.ts'
import type { MessageContext } from './message.context.ts'

const IDS_MAX = 200
const HELP = { identityIds: `must be 1 to ${IDS_MAX} ids.` }

/** What admins do about mails that wait. */
@Resolver()
export class MessageChangesResolver {
  @Allow('ADMIN')
  @Mutation(() => Int, {
    description:
      'Deferred mails are tried now instead of at their time: those of some identities, else of a tenant, else of all tenants, up to 1,000. Returns how many. Needs an admin key.',
  })
  async retryMessages(
    @Arg('identityIds', () => [ID], {
      nullable: true,
      description: 'Whose mails: at most 200 ids. One that has none that waits is passed over.',
    })
    ids: string[] | null | undefined,
    @Arg('tenantId', () => ID, { nullable: true, description: 'Without `identityIds`: of this tenant only.' })
    asked: string | null | undefined,
    @Ctx() { caller, services }: MessageContext,
  ): Promise<number> {
    const tenantId = checkTenantId('tenantId', asked)
    const record = (target: string) =>
      services.persistence.recordMailAct(
        { type: 'messages.retried', tenantId: tenantId ?? null, target },
        actorOf(known(caller)),
      )
    if (ids === null || ids === undefined) {
      await record(tenantId ?? 'all')
      return services.mailer.retryMessages(tenantId === undefined ? {} : { tenantId })
    }
    if (ids.length === 0 || ids.length > IDS_MAX) throw badInput('identityIds', HELP)
    const identityIds = ids.filter((id) => identityId.safeParse(id).success)
    const [first] = identityIds
    if (first === undefined) return 0
    await record(identityIds.length === 1 ? first : `${identityIds.length} identities`)
    return services.mailer.retryMessages({ identityIds })
  }

  @Allow('ADMIN')
  @Mutation(() => Boolean, {
    description:
      'A mail that waits is not sent; the number stays valid. false when no identity can have this id. Needs an admin key.',
  })
  async dropMessage(
    @Arg('identityId', () => ID, { description: 'The id of the identity whose mail is given up.' })
    id: string,
    @Ctx() { caller, services }: MessageContext,
  ): Promise<boolean> {
    if (!identityId.safeParse(id).success) return false
    const [tenantId = null] = id.split('.')
    // Otherwise the thief of an admin key could keep the admins from signing in and revoking it.
    if (tenantId === ADMIN_TENANT)
      throw new ProblemError('forbidden', 'The mails with which admins sign in are not dropped.')
    const act = { type: 'message.dropped', tenantId, target: id } as const
    await services.persistence.recordMailAct(act, actorOf(known(caller)))
    await services.mailer.dropMessage(id)
    return true
  }
}
