import { identityId } from '@emailauth/contracts/common'
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql'
import { Allow, maySee } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import type { IdentityContext } from './identity.context.ts'

@Resolver()
export class RevokeIdentityResolver {
  @Allow('ANY_KEY')
  @Mutation(() => Boolean, {
    description:
      'Revokes an identity: its number stops working, and all that was stored for it is deleted. false when there is no live identity of this id that the caller may see.',
  })
  async revokeIdentity(
    @Arg('id', () => ID, { description: "The identity's id." }) id: string,
    @Ctx() { caller, services }: IdentityContext,
  ): Promise<boolean> {
    if (!identityId.safeParse(id).success) return false
    const identity = await services.persistence.identity(id)
    if (identity === undefined || !maySee(caller, identity.tenantId)) return false
    const revoked = await services.persistence.revokeIdentity(
      id,
      caller?.scope === 'admin' ? actorOf(caller) : undefined,
    )
    if (revoked) services.mailer.drop(id, 'gone')
    return revoked
  }
}
