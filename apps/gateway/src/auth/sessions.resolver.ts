import { type Session as SessionRecord, sessionId } from '@emailauth/contracts/sessions'
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { GatewayContext } from '../graphql/context.ts'
import { Costs } from '../graphql/field-cost.ts'
import { Allow, known } from './access.ts'
import { actorOf } from './caller.ts'
import { Session } from './session.types.ts'

@Resolver()
export class SessionsResolver {
  @Costs(() => 100)
  @Allow('ADMIN')
  @Query(() => [Session], { description: 'The admins who are signed in, newest first. Needs an admin key.' })
  async sessions(@Ctx() { services }: GatewayContext): Promise<readonly SessionRecord[]> {
    const sessions = await services.persistence.sessions()
    // Whose address has left the list is not signed in, even where nobody has noticed yet.
    return sessions.filter(({ email }) => services.adminEmails.has(email))
  }

  @Allow('ADMIN')
  @Mutation(() => Boolean, {
    description: 'Ends a session everywhere within 5 s. false when there is none. Needs an admin key.',
  })
  async revokeSession(
    @Arg('id', () => ID, { description: "The session's id." }) id: string,
    @Ctx() { caller, services }: GatewayContext,
  ): Promise<boolean> {
    if (!sessionId.safeParse(id).success) return false
    const ended = await services.persistence.revokeSession(id, actorOf(known(caller)))
    services.sessions.forget(id)
    return ended
  }
}
