import { EMAIL_MAX_LENGTH } from '@emailauth/contracts/common'
import { readEmailAddress } from '@emailauth/contracts/email-address'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { Allow } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { badInput, CALL_HELP } from '../graphql/input.ts'
import { answerOutcome } from '../graphql/outcomes/answer-outcome.ts'
import { normalise } from './admin-emails.ts'
import type { AuthContext } from './auth.context.ts'
import { type SignInOutcome, SignInResult } from './session.types.ts'
import { TICKET_SECONDS } from './sign-ins.ts'

const HELP = { email: CALL_HELP.email }

@Resolver()
export class SignInResolver {
  @Allow('ANYONE')
  @Mutation(() => Boolean, {
    description:
      'Begins to sign an admin in: mails a number to the address, if it is one of an admin. The answer is always true, for any address. Needs no key.',
  })
  requestSignIn(
    @Arg('email', () => String, { description: "The admin's address." }) email: string,
    @Ctx() { services, cookies, clientIp }: AuthContext,
  ): boolean {
    if (email.length > EMAIL_MAX_LENGTH || 'fault' in readEmailAddress(email)) throw badInput('email', HELP)
    const device = services.knownBrowsers.find(normalise(email), cookies)
    const ticket = services.signIns.begin({ email, clientIp, ticket: cookies.read('sign-in'), device })
    cookies.write('sign-in', ticket, TICKET_SECONDS)
    return true
  }

  @Allow('ANYONE')
  @Mutation(() => SignInResult, {
    description:
      'Ends what `requestSignIn` began, in the same browser: the number for a session, which is kept in a cookie. A session that the browser had ends. Needs no key.',
  })
  async signIn(
    @Arg('number', () => String, { description: 'The number from the mail; spaces and dashes are ignored.' })
    number: string,
    @Ctx() context: AuthContext,
  ): Promise<SignInOutcome> {
    const { services, cookies } = context
    const outcome = await services.signIns.finish(cookies.read('sign-in'), number)
    if ('__typename' in outcome) return answerOutcome(context, outcome)
    await services.sessions.begin(outcome, context)
    services.knownBrowsers.remember(outcome.session.email, cookies)
    cookies.clear('sign-in')
    return { __typename: 'SignedIn', session: outcome.session }
  }

  @Allow('ANYONE')
  @Mutation(() => Boolean, {
    description: "Ends the browser's session everywhere within 5 s. false when there was none. Needs no key.",
  })
  async signOut(@Ctx() { caller, services, cookies }: AuthContext): Promise<boolean> {
    cookies.clear('session')
    if (caller?.session === undefined) return false
    const { id } = caller.session
    const ended = await services.persistence.revokeSession(id, actorOf(caller))
    services.sessions.forget(id)
    return ended
  }
}
