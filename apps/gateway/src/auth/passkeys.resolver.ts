import { listPosition } from '@emailauth/contracts/list-position'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { type Passkey as PasskeyRecord, passkeyId, passkeyRenameRequest } from '@emailauth/contracts/passkeys'
import type { Session } from '@emailauth/contracts/sessions'
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { checkInput } from '../graphql/input.ts'
import { Costs, pageWork } from '../graphql/limits/field-cost.ts'
import { type Connection, connectionOf } from '../graphql/lists/connection.ts'
import { ListPageArgs, newestFirst, readPage } from '../graphql/lists/list-pages.ts'
import type { ProblemOutcomes } from '../graphql/outcomes/outcome.ts'
import type { AuthContext } from './auth.context.ts'
import { type AddPasskeyOutcome, AddPasskeyResult, Passkey } from './passkey.types.ts'
import { type SignInOutcome, SignInResult } from './session.types.ts'

const POSITION = listPosition(passkeyId)
const HELP = { name: 'must be one line of 1 to 80 characters.' }
const RESPONSE = 'What the browser answered, as JSON text.'

const PasskeyConnection = connectionOf(Passkey, {
  name: 'Passkey',
  item: 'passkey',
  items: 'passkeys',
  description: 'A page of passkeys, newest first.',
})

@Resolver()
export class PasskeysResolver {
  @Costs(() => 100)
  @Allow('ADMIN')
  @Query(() => [Passkey], {
    description: 'The newest 200 passkeys of all admins, newest first. Needs an admin key.',
    deprecationReason: 'Use `passkeyConnection`, which has all of them, in pages.',
  })
  async passkeys(@Ctx() { services }: AuthContext): Promise<readonly PasskeyRecord[]> {
    return (await services.persistence.passkeyPage({ first: PAGE_MAX })).passkeys
  }

  @Costs((given) => 100 + pageWork(given('first'), PAGE_DEFAULT, PAGE_MAX))
  @Allow('ADMIN')
  @Query(() => PasskeyConnection, {
    description: 'The passkeys of all admins, in pages, newest first. Needs an admin key.',
  })
  async passkeyConnection(
    @Args(() => ListPageArgs) page: ListPageArgs,
    @Ctx() { services }: AuthContext,
  ): Promise<Connection<PasskeyRecord>> {
    const read = async (query: { first: number; after?: string }) => {
      const { passkeys, hasNextPage } = await services.persistence.passkeyPage(query)
      return { items: passkeys, hasNextPage }
    }
    return readPage({ key: newestFirst, idOf: (key) => POSITION.safeParse(key).data, read }, page)
  }

  @Allow('SESSION')
  @Mutation(() => String, {
    description:
      'Begins to add a passkey: answers the options for `navigator.credentials.create` as JSON text. Needs the session of an admin who has signed in within the last 10 minutes.',
  })
  beginAddPasskey(@Ctx() { caller, cookies, services }: AuthContext): Promise<string> {
    return services.passkeys.beginRegistration(sessionOf(caller), cookies)
  }

  @Allow('SESSION')
  @Mutation(() => AddPasskeyResult, {
    description:
      'Ends what `beginAddPasskey` began, in the same browser, within 5 minutes. An admin has 10 passkeys at most. Needs the session of an admin who has signed in within the last 10 minutes.',
  })
  async addPasskey(
    @Arg('name', () => String, { description: 'What to call it: 1 to 80 characters.' }) name: string,
    @Arg('response', () => String, { description: RESPONSE }) response: string,
    @Ctx() { caller, cookies, services }: AuthContext,
  ): Promise<AddPasskeyOutcome> {
    const checked = checkInput(passkeyRenameRequest, { name }, HELP)
    const added = await services.passkeys.register(sessionOf(caller), checked.name, response, cookies)
    return added === undefined ? NOT_GOOD : { __typename: 'Passkey', ...added }
  }

  @Allow('ADMIN')
  @Mutation(() => Passkey, {
    nullable: true,
    description: 'Names a passkey. null when there is none of this id. Needs an admin key.',
  })
  async renamePasskey(
    @Arg('id', () => ID, { description: "The passkey's id." }) id: string,
    @Arg('name', () => String, { description: 'What to call it: 1 to 80 characters.' }) name: string,
    @Ctx() { caller, services }: AuthContext,
  ): Promise<PasskeyRecord | null> {
    const checked = checkInput(passkeyRenameRequest, { name }, HELP)
    if (!passkeyId.safeParse(id).success) return null
    return (await services.persistence.renamePasskey(id, checked.name, actorOf(known(caller)))) ?? null
  }

  @Allow('SESSION')
  @Mutation(() => Boolean, {
    description:
      'Removes a passkey, anybody’s; the sessions that it began end within 5 s. false when there is none of this id. Where nobody signs in by mail, you must have another one: BAD_USER_INPUT. Needs the session of an admin who has signed in within the last 10 minutes.',
  })
  async removePasskey(
    @Arg('id', () => ID, { description: "The passkey's id." }) id: string,
    @Ctx() { caller, services }: AuthContext,
  ): Promise<boolean> {
    const session = sessionOf(caller)
    services.passkeys.requireFresh(session)
    return passkeyId.safeParse(id).success && services.passkeys.remove(session, id)
  }

  @Allow('ANYONE')
  @Mutation(() => String, {
    description:
      'Begins a sign-in with a passkey: answers the options for `navigator.credentials.get` as JSON text. Needs no key.',
  })
  beginPasskeySignIn(@Ctx() { cookies, services }: AuthContext): Promise<string> {
    return services.passkeys.beginSignIn(cookies)
  }

  @Allow('ANYONE')
  @Mutation(() => SignInResult, {
    description:
      'Ends what `beginPasskeySignIn` began, in the same browser, within 5 minutes: the signature of a passkey for a session. A session that the browser had ends. Needs no key.',
  })
  async signInWithPasskey(
    @Arg('response', () => String, { description: RESPONSE }) response: string,
    @Ctx() context: AuthContext,
  ): Promise<SignInOutcome> {
    const { cookies, services } = context
    const created = await services.passkeys.signIn(response, cookies)
    if (created === undefined) return NOT_GOOD
    await services.sessions.begin(created, context)
    services.knownBrowsers.remember(created.session.email, cookies)
    return { __typename: 'SignedIn', session: created.session }
  }
}

/** The session of a caller whom `@Allow('SESSION')` let in. */
function sessionOf(caller: AuthContext['caller']): Session {
  const { session } = known(caller)
  if (session === undefined) throw new Error('this resolver is meant for @Allow("SESSION")')
  return session
}

const NOT_GOOD: ProblemOutcomes['WrongCredentials'] = {
  __typename: 'WrongCredentials',
  code: 'WRONG_CREDENTIALS',
  message: 'This passkey was not taken: it is not known here, or it took too long. Begin again.',
}
