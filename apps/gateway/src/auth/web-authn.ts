import { createHash } from 'node:crypto'
import { type KnownPasskey, PASSKEY_CHALLENGE_SECONDS } from '@emailauth/contracts/passkeys'
import { hasManyParts } from '@emailauth/service/http/json-parts'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
  VerifiedRegistrationResponse,
} from '@simplewebauthn/server'
import type { RelyingParty } from './relying-party.ts'

const NAME = 'emailauth'
const TIMEOUT_MS = PASSKEY_CHALLENGE_SECONDS * 1000

/** Loaded at its first use, because with its ASN.1 and X.509 it is a tenth of the gateway's code. */
const library = () => import('@simplewebauthn/server')

/** @param known the passkeys of this admin, which the browser does not register again */
export async function registrationOptions(
  { id }: RelyingParty,
  email: string,
  known: readonly KnownPasskey[],
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await library()
  return generateRegistrationOptions({
    rpName: NAME,
    rpID: id,
    userName: email,
    userID: new Uint8Array(createHash('sha256').update(`${NAME} admin\n${email}`).digest()),
    timeout: TIMEOUT_MS,
    attestationType: 'none',
    excludeCredentials: known.map(({ credential }) => ({ id: credential.credentialId })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** The new credential; undefined when the browser's answer is not good. */
export async function verifyRegistration(
  party: RelyingParty,
  challenge: string,
  response: string,
): Promise<VerifiedRegistrationResponse['registrationInfo']> {
  const { verifyRegistrationResponse } = await library()
  const checked = await orUndefined(async () =>
    verifyRegistrationResponse({
      response: parseAnswer<RegistrationResponseJSON>(response),
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    }),
  )
  return checked?.verified === true ? checked.registrationInfo : undefined
}

/**
 * Options for a sign-in with any passkey that the browser has for this host. The name of no admin is needed.
 */
export async function signInOptions({ id }: RelyingParty): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await library()
  return generateAuthenticationOptions({ rpID: id, timeout: TIMEOUT_MS, userVerification: 'required' })
}

/** undefined: it does not say whose passkey it is. */
export async function parseSignIn(text: string): Promise<AuthenticationResponseJSON | undefined> {
  const response = await orUndefined(async () => parseAnswer<AuthenticationResponseJSON>(text))
  return typeof response?.id === 'string' ? response : undefined
}

/** The passkey's new counter; undefined when the browser's answer is not good. */
export async function verifySignIn(
  party: RelyingParty,
  challenge: string,
  response: AuthenticationResponseJSON,
  known: KnownPasskey,
): Promise<number | undefined> {
  const { verifyAuthenticationResponse } = await library()
  const checked = await orUndefined(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: credentialOf(known),
    }),
  )
  return checked?.verified === true ? checked.authenticationInfo.newCounter : undefined
}

function credentialOf({ credential }: KnownPasskey) {
  return {
    id: credential.credentialId,
    publicKey: new Uint8Array(Buffer.from(credential.publicKey, 'base64url')),
    counter: credential.counter,
  }
}

/**
 * Parses what a browser answered. The library checks its form, and throws. Parts of a text within a body are
 * none of the body, so they are counted here: 64 KiB of brackets take 20 ms of everybody's time.
 */
function parseAnswer<Answer>(text: string): Answer {
  if (hasManyParts(Buffer.from(text))) throw new Error('no authenticator answers so much')
  return JSON.parse(text) as Answer
}

/** A browser may send anything, and the library throws for most of what is wrong with it. */
async function orUndefined<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read()
  } catch {
    return undefined
  }
}
