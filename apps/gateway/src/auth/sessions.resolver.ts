import { type Session as SessionRecord, sessionId } from '@emailauth/contracts/sessions'
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import type { GatewayContext } from '../graphql/context.ts'
import { Allow, known } from './access.ts'
import { actorOf } from './caller.ts'
import { Session } from './session.types.ts'

@Resolver()
export class SessionsResolver {
  @Allow('ADMIN')
  @Query(() => [Session], { description: 'The admins who are signed in, newest first. Needs an admin key.' })
  sessions(@Ctx() { services }: GatewayContext): Promise<readonly SessionRecord[]> {
    return services.persistence.sessions()
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
