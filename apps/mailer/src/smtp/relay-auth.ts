import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import XOAuth2 from 'nodemailer/lib/xoauth2'
import { fetchToken, type TokenEndpoint } from './fetch-token.ts'

/** Credentials for a relay. */
export interface RelayAuth {
  readonly user: string
  /** With `xoauth2`: a refresh token, or empty when a command prints access tokens. */
  readonly pass: string
  /** SASL XOAUTH2, for Microsoft 365 and Google. */
  readonly xoauth2?: TokenEndpoint | TokenCommand
}

interface TokenCommand {
  readonly tokenCommand: string
}

/** Names of these options in a relay's URL. */
export const AUTH_OPTION_NAMES = ['auth', 'tokenUrl', 'clientId', 'clientSecret', 'tokenCommand'] as const

/** The two providers' endpoints for refresh tokens. */
const TOKEN_URLS: Readonly<Record<string, string>> = {
  google: 'https://oauth2.googleapis.com/token',
  microsoft: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
}

/** How long a printed token is used. Both providers' tokens live an hour. */
const PRINTED_TOKEN_MS = 300_000
/** A command that runs longer is killed, and one that prints more than this many bytes. */
export const COMMAND_LIMITS = { timeout: 30_000, maxBuffer: 64 * 1024 }
const run = promisify(execFile)

/** @throws {Error} with a sentence that names the option and its values, without secrets */
export function readRelayAuth(
  user: string,
  pass: string,
  parameters: URLSearchParams,
): RelayAuth | undefined {
  const method = parameters.get('auth') ?? 'password'
  if (method === 'password') return readPasswordAuth(user, pass, parameters)
  if (method === 'xoauth2') return readXoauth2(user, pass, parameters)
  throw new Error('auth must be password or xoauth2')
}

function readPasswordAuth(user: string, pass: string, parameters: URLSearchParams): RelayAuth | undefined {
  const stray = AUTH_OPTION_NAMES.find((name) => name !== 'auth' && parameters.has(name))
  if (stray !== undefined) throw new Error(`${stray} needs auth=xoauth2`)
  if (user === '' && pass === '') return undefined
  if (user === '' || pass === '') throw new Error('must have both user and password, or neither')
  return { user, pass }
}

function readXoauth2(user: string, pass: string, parameters: URLSearchParams): RelayAuth {
  if (user === '') throw new Error('auth=xoauth2 needs a user, such as smtp://no-reply%40example.com:…@host')
  const tokenCommand = parameters.get('tokenCommand') ?? ''
  if (tokenCommand !== '') {
    if (pass !== '' || parameters.has('tokenUrl')) {
      throw new Error('tokenCommand prints tokens, so there must be neither password nor tokenUrl')
    }
    return { user, pass, xoauth2: { tokenCommand } }
  }
  if (pass === '') throw new Error('auth=xoauth2 needs a refresh token as password, or tokenCommand')
  const named = parameters.get('tokenUrl') ?? ''
  const tokenUrl = TOKEN_URLS[named] ?? named
  if (!URL.canParse(tokenUrl) || !isTokenUrl(new URL(tokenUrl))) {
    throw new Error('tokenUrl must be google, microsoft or an https:// URL')
  }
  const clientId = parameters.get('clientId') ?? ''
  if (clientId === '') throw new Error('auth=xoauth2 with a refresh token needs clientId')
  return { user, pass, xoauth2: { tokenUrl, clientId, clientSecret: parameters.get('clientSecret') ?? '' } }
}

function isTokenUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && hostname === '127.0.0.1')
}

const generators = new WeakMap<RelayAuth, XOAuth2>()
/** When the relay last refused an access token (`performance.now()`). */
const renewals = new WeakMap<RelayAuth, number>()
/** Relays that refuse every token cost one more sign-in in this time, not one for each mail. */
const RENEW_EVERY_MS = 60_000

/**
 * The credentials in nodemailer's form. All sessions of a relay share one access token, which is renewed when
 * it expires or is refused.
 */
export function loginOf(auth: RelayAuth) {
  if (auth.xoauth2 === undefined) return { user: auth.user, pass: auth.pass }
  const oauth2 = generators.get(auth) ?? createGenerator(auth.user, auth.pass, auth.xoauth2)
  generators.set(auth, oauth2)
  return { user: auth.user, oauth2 }
}

/** What a relay gets at the sign-in, and may repeat: password, access token, user. */
export function secretsOf(auth: RelayAuth): readonly string[] {
  const accessToken = generators.get(auth)?.accessToken || ''
  return [auth.pass, accessToken, auth.user].filter((secret) => secret !== '')
}

/**
 * Replaces an access token that the relay has refused, for example because it was revoked.
 * @param beganAtMs when the refused sign-in began (`performance.now()`)
 * @returns whether to sign in again; false when a new token was refused too
 */
export function renewToken(auth: RelayAuth, beganAtMs: number): boolean {
  if (auth.xoauth2 === undefined) return false
  const renewedAtMs = renewals.get(auth) ?? Number.NEGATIVE_INFINITY
  // Another session has renewed it since.
  if (renewedAtMs >= beganAtMs) return true
  if (performance.now() - renewedAtMs < RENEW_EVERY_MS) return false
  renewals.set(auth, performance.now())
  generators.delete(auth)
  return true
}

function createGenerator(user: string, refreshToken: string, how: TokenEndpoint | TokenCommand): XOAuth2 {
  if ('tokenUrl' in how) {
    return new XOAuth2({
      user,
      provisionCallback(_user, _renew, done) {
        fetchToken(how, refreshToken).then(
          ({ token, expiresAtMs }) => done(null, token, expiresAtMs),
          (error: Error) => done(error),
        )
      },
    })
  }
  return new XOAuth2({
    user,
    provisionCallback(_user, _renew, done) {
      printToken(how.tokenCommand).then(
        (token) => done(null, token, Date.now() + PRINTED_TOKEN_MS),
        // A failed command's output may contain secrets.
        () => done(new Error('tokenCommand printed no token.')),
      )
    },
  })
}

/** @throws {Error} when the command fails or prints no token */
export async function printToken(command: string, limits = COMMAND_LIMITS): Promise<string> {
  const { stdout } = await run('/bin/sh', ['-c', command], limits)
  const token = stdout.trim()
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Error('not a token')
  return token
}
