import { eventually } from '@emailauth/testing/eventually'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect } from 'vitest'
import { ADMIN_EMAIL, type Answer, ask, numberMailedTo, type World } from '../world.ts'

export const REQUEST = 'mutation ($email: String!) { requestSignIn(email: $email) }'
export const SIGN_IN = `mutation ($number: String!) {
  signIn(number: $number) { __typename ... on SignedIn { session { id email expiresAt idleExpiresAt } } ... on Problem { code } }
}`
export const VIEWER = '{ viewer { scope apiKeyId session { id email } } }'

const FORGET = `for _, key in ipairs(redis.call('KEYS', 'ea:sign-in:*')) do redis.call('DEL', key) end return 1`

/** One `name=value; attributes` for each cookie that an answer sets. */
export const cookiesOf = ({ headers }: Answer) => [headers['set-cookie'] ?? []].flat() as string[]

/** One `name=value`, or `''` when the answer sets no such cookie. */
export const pairOf = (cookies: readonly string[], name: string) =>
  cookies.find((cookie) => cookie.includes(`emailauth-${name}=`))?.split(';')[0] ?? ''

/** What a browser does to sign in by mail. */
export function createMailSignIn(world: World) {
  const request = async (email: string, more = {}) => {
    const answer = await ask(world.app, undefined, REQUEST, { email }, more)
    return { answer, ticket: pairOf(cookiesOf(answer), 'sign-in') }
  }
  /** The number of the mail that comes after so many. */
  const mailed = async (since: number) => {
    await eventually(() => expect(world.smtp.mails.length).toBeGreaterThan(since))
    return numberMailedTo(world.smtp.mails, ADMIN_EMAIL)
  }
  /** The budgets are not what most of these tests are about. */
  const forgetLimits = () => redisCommand(world.redis.port, 'EVAL', FORGET, '0')

  /**
   * Signs the admin in; the cookie of the session.
   * @param held the cookie of a session that the browser has
   */
  async function signIn(held?: string): Promise<string> {
    await forgetLimits()
    const since = world.smtp.mails.length
    const { ticket } = await request(ADMIN_EMAIL)
    const number = await mailed(since)
    const signedIn = await ask(
      world.app,
      undefined,
      SIGN_IN,
      { number },
      { cookie: held === undefined ? ticket : `${held}; ${ticket}` },
    )
    expect(signedIn.data.signIn.__typename).toBe('SignedIn')
    return pairOf(cookiesOf(signedIn), 'session')
  }
  return { request, mailed, forgetLimits, signIn }
}
