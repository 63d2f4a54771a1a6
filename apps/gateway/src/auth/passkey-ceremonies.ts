import { createHash } from 'node:crypto'
import {
  type KnownPasskey,
  PASSKEY_CHALLENGE_SECONDS,
  type Passkey,
  type PasskeyCreateRequest,
} from '@emailauth/contracts/passkeys'
import type { CreatedSession, Session } from '@emailauth/contracts/sessions'
import { ProblemError } from '@emailauth/service/problem-error'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Cookies } from '../access/cookies.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { AdminEmails } from './admin-emails.ts'
import { createBrowserSeal } from './browser-seal.ts'
import type { RelyingParty, RelyingPartyOf } from './relying-party.ts'

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
  readonly adminEmails: AdminEmails
  readonly persistence: Pick<
    Persistence,
    'passkeysOf' | 'passkey' | 'createPasskey' | 'usePasskey' | 'claimChallenge' | 'createSession'
  >
  readonly relyingParty: RelyingPartyOf
  readonly serviceToken: string
  /** Unix milliseconds. */
  readonly now?: (() => number) | undefined
}

interface Challenge {
  readonly ceremony: 'register' | 'sign-in'
  readonly challenge: string
  readonly email?: string
  readonly madeAtMs: number
}

/**
 * A stolen cookie must not become a passkey of the thief's, and a stolen admin key must not remove those that
 * the admins sign in with. So both need a sign-in that is at most this old.
 */
export const FRESH_SECONDS = 600
const NAME = 'emailauth'
const TIMEOUT_MS = PASSKEY_CHALLENGE_SECONDS * 1000

export function createPasskeyCeremonies(options: PasskeyCeremoniesOptions): PasskeyCeremonies {
  const { adminEmails, persistence, relyingParty, serviceToken, now = Date.now } = options
  const challenges = createBrowserSeal<Challenge>({
    purpose: 'passkey challenge',
    serviceToken,
    maxAgeSeconds: PASSKEY_CHALLENGE_SECONDS,
    now,
  })

  const partyOf = ({ host }: Cookies): RelyingParty => {
    const party = relyingParty(host)
    if (party !== undefined) return party
    throw new ProblemError(
      'bad-input',
      'Passkeys work at http://localhost, or where EMAILAUTH_PUBLIC_URL says.',
    )
  }

  const keep = (challenge: Omit<Challenge, 'madeAtMs'>, cookies: Cookies) =>
    cookies.write('passkey', challenges.seal({ ...challenge, madeAtMs: now() }), PASSKEY_CHALLENGE_SECONDS)

  /** The challenge of this browser. Its cookie is cleared in any case. */
  const take = (ceremony: Challenge['ceremony'], cookies: Cookies): Challenge | undefined => {
    const challenge = challenges.open(cookies.read('passkey'))
    cookies.clear('passkey')
    return challenge?.ceremony === ceremony ? challenge : undefined
  }

  const requireFresh = ({ createdAt }: Session) => {
    if (now() - Date.parse(createdAt) < FRESH_SECONDS * 1000) return
    throw new ProblemError(
      'forbidden',
      'Sign out and in again: passkeys are added and removed within 10 minutes of signing in.',
    )
  }

  return {
    requireFresh,

    async beginRegistration(session, cookies) {
      requireFresh(session)
      const { email } = session
      const { id } = partyOf(cookies)
      const mine = await persistence.passkeysOf(email)
      const known = await Promise.all(mine.map((passkey) => persistence.passkey(passkey.id)))
      const { generateRegistrationOptions } = await webAuthn()
      const made = await generateRegistrationOptions({
        rpName: NAME,
        rpID: id,
        userName: email,
        userID: new Uint8Array(createHash('sha256').update(`${NAME} admin\n${email}`).digest()),
        timeout: TIMEOUT_MS,
        attestationType: 'none',
        excludeCredentials: known.flatMap((one) =>
          one === undefined ? [] : [{ id: one.credential.credentialId }],
        ),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      keep({ ceremony: 'register', challenge: made.challenge, email }, cookies)
      return JSON.stringify(made)
    },

    async register(session, name, response, cookies) {
      requireFresh(session)
      const challenge = take('register', cookies)
      if (challenge?.email !== session.email) return undefined
      const party = partyOf(cookies)
      const { verifyRegistrationResponse } = await webAuthn()
      const checked = await orUndefined(async () =>
        verifyRegistrationResponse({
          response: JSON.parse(response) as RegistrationResponseJSON,
          expectedChallenge: challenge.challenge,
          expectedOrigin: party.origin,
          expectedRPID: party.id,
          requireUserVerification: true,
        }),
      )
      if (checked?.verified !== true || !(await persistence.claimChallenge(challenge.challenge)))
        return undefined
      const { credential, credentialBackedUp } = checked.registrationInfo
      const request: PasskeyCreateRequest = {
        email: session.email,
        name,
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: credential.transports ?? [],
        isBackedUp: credentialBackedUp,
      }
      return persistence.createPasskey(request, { kind: 'admin', id: session.email })
    },

    async beginSignIn(cookies) {
      const { generateAuthenticationOptions } = await webAuthn()
      const made = await generateAuthenticationOptions({
        rpID: partyOf(cookies).id,
        timeout: TIMEOUT_MS,
        userVerification: 'required',
      })
      keep({ ceremony: 'sign-in', challenge: made.challenge }, cookies)
      return JSON.stringify(made)
    },

    async signIn(text, cookies) {
      const challenge = take('sign-in', cookies)
      const response = await orUndefined(async () => JSON.parse(text) as AuthenticationResponseJSON)
      if (challenge === undefined || typeof response?.id !== 'string') return undefined
      const known = await persistence.passkey(passkeyIdOf(response.id))
      if (known === undefined) return undefined
      const party = partyOf(cookies)
      const { verifyAuthenticationResponse } = await webAuthn()
      const checked = await orUndefined(() =>
        verifyAuthenticationResponse({
          response,
          expectedChallenge: challenge.challenge,
          expectedOrigin: party.origin,
          expectedRPID: party.id,
          requireUserVerification: true,
          credential: credentialOf(known),
        }),
      )
      if (checked?.verified !== true || !adminEmails.has(known.passkey.email)) return undefined
      const use = { challenge: challenge.challenge, counter: checked.authenticationInfo.newCounter }
      const used = await persistence.usePasskey(known.passkey.id, use)
      return used === undefined ? undefined : persistence.createSession(used.email, used.id)
    },
  }
}

/** Loaded when somebody needs it: with its ASN.1 and X.509 it is a tenth of the gateway's code. */
const webAuthn = () => import('@simplewebauthn/server')

function credentialOf({ credential }: KnownPasskey) {
  return {
    id: credential.credentialId,
    publicKey: new Uint8Array(Buffer.from(credential.publicKey, 'base64url')),
    counter: credential.counter,
  }
}

const passkeyIdOf = (credentialId: string) =>
  createHash('sha256').update(Buffer.from(credentialId, 'base64url')).digest('base64url')

/** What a browser sends is anything at all: the library throws for most that is wrong with it. */
async function orUndefined<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read()
  } catch {
    return undefined
  }
}
