import { createHash } from 'node:crypto'
import {
  type KnownPasskey,
  type Passkey,
  type PasskeyCreateRequest,
  passkeyCredential,
} from '@emailauth/contracts/passkeys'
import type { CreatedSession, Session } from '@emailauth/contracts/sessions'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { actorIn } from '../access/caller.ts'
import type { Cookies } from '../access/cookies.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { AdminEmails } from './admin-emails.ts'
import type { MailSignIn } from './mail-sign-in.ts'
import { createPasskeyChallenges } from './passkey-challenges.ts'
import type { RelyingParty, RelyingPartyOf } from './relying-party.ts'
import {
  parseSignIn,
  registrationOptions,
  signInOptions,
  verifyRegistration,
  verifySignIn,
} from './web-authn.ts'

/**
 * The two WebAuthn ceremonies: register a passkey, and sign in with one. Each begins with a challenge. It is
 * sealed into a cookie, so it works in one browser only, and persistence accepts it once.
 */
export interface PasskeyCeremonies {
  /**
   * Passkeys are added and removed within 10 minutes of a sign-in.
   * @throws {ProblemError} `forbidden` when the session is older.
   */
  requireFresh(session: Session): void
  /**
   * Removes a passkey, anybody's; false when there is none of this id. Where nobody signs in by mail, the
   * admin who removes it keeps one, so that somebody can still sign in.
   * @throws {ProblemError} `conflict` when this admin would have none.
   */
  remove(session: Session, passkeyId: string): Promise<boolean>
  /**
   * Options for `navigator.credentials.create`, as JSON.
   * @throws {ProblemError} `forbidden` when the session is not fresh.
   */
  beginRegistration(session: Session, cookies: Cookies): Promise<string>
  /** Keeps the passkey; undefined when the browser's answer is not good. */
  register(session: Session, name: string, response: string, cookies: Cookies): Promise<Passkey | undefined>
  /** Options for `navigator.credentials.get`, as JSON; the browser offers what passkeys it has. */
  beginSignIn(cookies: Cookies): Promise<string>
  /** A session for whose passkey it is; undefined when the browser's answer is not good. */
  signIn(response: string, cookies: Cookies): Promise<CreatedSession | undefined>
}

export interface PasskeyCeremoniesOptions {
  readonly mailSignIn: MailSignIn
  readonly adminEmails: AdminEmails
  readonly persistence: Pick<
    Persistence,
    | 'passkeysOf'
    | 'passkey'
    | 'createPasskey'
    | 'removePasskey'
    | 'usePasskey'
    | 'claimChallenge'
    | 'createSession'
  >
  readonly relyingParty: RelyingPartyOf
  readonly serviceTokens: readonly string[]
  /** Unix milliseconds. */
  readonly now?: (() => number) | undefined
}

/**
 * A stolen cookie must not become a passkey of the thief's, and a stolen admin key must not remove those that
 * the admins sign in with. So both need a sign-in that is at most this old.
 */
export const FRESH_SECONDS = 600
/** WebAuthn has six. */
const MOST_TRANSPORTS = 10

export function createPasskeyCeremonies(options: PasskeyCeremoniesOptions): PasskeyCeremonies {
  const { adminEmails, mailSignIn, persistence, relyingParty, serviceTokens, now = Date.now } = options
  const challenges = createPasskeyChallenges(serviceTokens, now)

  const partyOf = ({ host }: Cookies): RelyingParty => {
    const party = relyingParty(host)
    if (party !== undefined) return party
    throw new ProblemError(
      'bad-input',
      'Passkeys work at http://localhost, or where EMAILAUTH_PUBLIC_URL says.',
    )
  }

  const requireFresh = ({ createdAt }: Session) => {
    if (now() - Date.parse(createdAt) < FRESH_SECONDS * 1000) return
    throw new ProblemError(
      'forbidden',
      'Sign out and in again: passkeys are added and removed within 10 minutes of signing in.',
    )
  }

  const passkeysOf = async (email: string): Promise<KnownPasskey[]> => {
    const passkeys = await persistence.passkeysOf(email)
    const known = await Promise.all(passkeys.map(({ id }) => persistence.passkey(id)))
    return known.filter((one) => one !== undefined)
  }

  return {
    requireFresh,

    async remove(session, passkeyId) {
      const keepOneOf = mailSignIn === 'never' ? session.email : undefined
      try {
        return await persistence.removePasskey(passkeyId, actorIn(session), keepOneOf)
      } catch (error) {
        const isLast = error instanceof ProblemError && error.problem.code === 'conflict'
        if (!isLast) throw error
        throw new ProblemError(
          'conflict',
          'You would have no passkey, and nobody signs in by mail here. Add another one first.',
          { field: 'id', cause: error },
        )
      }
    },

    async beginRegistration(session, cookies) {
      requireFresh(session)
      const { email } = session
      const party = partyOf(cookies)
      const options = await registrationOptions(party, email, await passkeysOf(email))
      challenges.keep({ ceremony: 'register', challenge: options.challenge, email }, cookies)
      return JSON.stringify(options)
    },

    async register(session, name, response, cookies) {
      requireFresh(session)
      const taken = challenges.take('register', cookies)
      if (taken?.email !== session.email) return undefined
      const registered = await verifyRegistration(partyOf(cookies), taken.challenge, response)
      if (registered === undefined) return undefined
      const { credential, credentialBackedUp } = registered
      const kept = passkeyCredential.safeParse({
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: transportsIn(credential.transports),
      })
      // Nobody signs these for the gateway, so they may be of any form and length.
      if (!kept.success || !(await persistence.claimChallenge(taken.challenge))) return undefined
      const request: PasskeyCreateRequest = {
        ...kept.data,
        email: session.email,
        name,
        isBackedUp: credentialBackedUp,
      }
      return persistence.createPasskey(request, actorIn(session))
    },

    async beginSignIn(cookies) {
      const options = await signInOptions(partyOf(cookies))
      challenges.keep({ ceremony: 'sign-in', challenge: options.challenge }, cookies)
      return JSON.stringify(options)
    },

    async signIn(text, cookies) {
      const taken = challenges.take('sign-in', cookies)
      const response = await parseSignIn(text)
      if (taken === undefined || response === undefined) return undefined
      const known = await persistence.passkey(passkeyIdOf(response.id))
      if (known === undefined) return undefined
      const { challenge } = taken
      const counter = await verifySignIn(partyOf(cookies), challenge, response, known)
      if (counter === undefined || !adminEmails.has(known.passkey.email)) return undefined
      const used = await persistence.usePasskey(known.passkey.id, { challenge, counter })
      return used === undefined ? undefined : persistence.createSession(used.email, used.id)
    },
  }
}

/** Hints of the browser, which the library does not check. Those that cannot be one are left out. */
function transportsIn(given: unknown): string[] {
  const isHint = (one: unknown) => passkeyCredential.shape.transports.safeParse([one]).success
  return Array.isArray(given) ? given.filter(isHint).slice(0, MOST_TRANSPORTS) : []
}

const passkeyIdOf = (credentialId: string) =>
  createHash('sha256').update(Buffer.from(credentialId, 'base64url')).digest('base64url')
