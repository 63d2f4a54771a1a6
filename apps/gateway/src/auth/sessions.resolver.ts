import { listPosition } from '@emailauth/contracts/list-position'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { type Session as SessionRecord, sessionId } from '@emailauth/contracts/sessions'
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { Costs, pageWork } from '../graphql/limits/field-cost.ts'
import { type Connection, connectionOf } from '../graphql/lists/connection.ts'
import { ListPageArgs, newestFirst, readPage } from '../graphql/lists/list-pages.ts'
import type { AuthContext, AuthPorts } from './auth.context.ts'
import { Session } from './session.types.ts'

const SessionConnection = connectionOf(Session, {
  name: 'Session',
  item: 'session',
  items: 'sessions',
  description: 'A page of sessions, newest first.',
})

const POSITION = listPosition(sessionId)

@Resolver()
export class SessionsResolver {
  @Costs(() => 100)
  @Allow('ADMIN')
  @Query(() => [Session], {
    description: 'The admins who are signed in, the newest 200, newest first. Needs an admin key.',
    deprecationReason: 'Use `sessionConnection`, which has all of them, in pages.',
  })
  async sessions(@Ctx() { services }: AuthContext): Promise<readonly SessionRecord[]> {
    return (await signedIn(services, { first: PAGE_MAX })).items
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
    const read = (query: { first: number; after?: string }) => signedIn(services, query)
    return readPage({ key: newestFirst, idOf: (key) => POSITION.safeParse(key).data, read }, page)
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

/**
 * A page of sessions. Sessions of addresses that have left the list of admins are skipped, even before they
 * are ended. So filling a page may take more than one read.
 */
async function signedIn(
  { persistence, adminEmails }: AuthPorts,
  { first, after }: { readonly first: number; readonly after?: string },
) {
  const items: SessionRecord[] = []
  for (let from = after, more = true; more && items.length <= first; ) {
    const query = { first: Math.min(first + 1, PAGE_MAX), ...(from === undefined ? {} : { after: from }) }
    const page = await persistence.sessionPage(query)
    items.push(...page.sessions.filter(({ email }) => adminEmails.has(email)))
    const last = page.sessions.at(-1)
    from = last && newestFirst(last)
    more = page.hasNextPage
  }
  return { items: items.slice(0, first), hasNextPage: items.length > first }
}
