import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/common'
import { type Session as SessionRecord, sessionId } from '@emailauth/contracts/sessions'
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { type Connection, connectionOf } from '../graphql/connection.ts'
import { Costs, pageWork } from '../graphql/field-cost.ts'
import { ListPageArgs, listPage, NEWEST_FIRST } from '../graphql/list-pages.ts'
import type { AuthContext, AuthPorts } from './auth.context.ts'
import { Session } from './session.types.ts'

const SessionConnection = connectionOf(Session, {
  name: 'Session',
  item: 'session',
  items: 'sessions',
  description: 'A page of sessions, newest first.',
})

@Resolver()
export class SessionsResolver {
  @Costs(() => 100)
  @Allow('ADMIN')
  @Query(() => [Session], { description: 'The admins who are signed in, newest first. Needs an admin key.' })
  async sessions(@Ctx() { services }: AuthContext): Promise<readonly SessionRecord[]> {
    return signedIn(services)
  }

  @Costs((given) => 100 + pageWork(given('first'), PAGE_DEFAULT, PAGE_MAX))
  @Allow('ADMIN')
  @Query(() => SessionConnection, {
    description: 'The admins who are signed in, in pages, newest first. Needs an admin key.',
  })
  async sessionConnection(
    @Args(() => ListPageArgs) page: ListPageArgs,
    @Ctx() { services }: AuthContext,
  ): Promise<Connection<SessionRecord>> {
    return listPage(await signedIn(services), NEWEST_FIRST, page)
  }

  @Allow('ADMIN')
  @Mutation(() => Boolean, {
    description: 'Ends a session everywhere within 5 s. false when there is none. Needs an admin key.',
  })
  async revokeSession(
    @Arg('id', () => ID, { description: "The session's id." }) id: string,
    @Ctx() { caller, services }: AuthContext,
  ): Promise<boolean> {
    if (!sessionId.safeParse(id).success) return false
    const ended = await services.persistence.revokeSession(id, actorOf(known(caller)))
    services.sessions.forget(id)
    return ended
  }
}

async function signedIn({ persistence, adminEmails }: AuthPorts): Promise<readonly SessionRecord[]> {
  const sessions = await persistence.sessions()
  // Whose address has left the list is not signed in, even where nobody has noticed yet.
  return sessions.filter(({ email }) => adminEmails.has(email))
}
