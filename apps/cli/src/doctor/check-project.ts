import { stat } from 'node:fs/promises'
import { createClient, EmailauthError } from '@emailauth/client'
import { isLoopback } from '@emailauth/contracts/loopback'
import type { Settings } from '../connection/settings.ts'
import { createInbox } from '../inbox/inbox-client.ts'
import { readiness } from '../up/services/ready.ts'
import { SET_ONE_STORE } from './check-one-store.ts'
import { type Finding, fail, ok, warn } from './finding.ts'
import { whyAway } from './why-away.ts'

const START = 'Start everything with: npx emailauth up'
const LOG_IN = 'Set EMAILAUTH_API_KEY, or log in with: emailauth login'

/** What helps, by where the gateway is. */
export interface Remedies {
  readonly noCredentials: string
  readonly noGateway: string
  readonly noKey: string
  readonly unknownKey: string
  readonly brokenKey: string
}

/** For a gateway that `up` starts from this clone. */
const OF_A_CLONE: Remedies = {
  noCredentials: START,
  noGateway: START,
  noKey: 'Set EMAILAUTH_API_KEY, or start everything with: npx emailauth up',
  unknownKey: 'Make a new one: emailauth keys create, or a new emailauth up',
  brokenKey: START,
}

/** For a gateway of another host, and one on this host that somebody else starts. */
const OF_OTHERS = {
  noCredentials: LOG_IN,
  noKey: LOG_IN,
  unknownKey: 'Make a new one: emailauth keys create',
  brokenKey: 'See the log of the gateway.',
}

/** @param isOurs whether `up` can start the gateway from here */
export function remediesFor(settings: Pick<Settings, 'url'>, isOurs: boolean): Remedies {
  if (isOurs) return OF_A_CLONE
  const noGateway = isHere(settings)
    ? 'See that it runs, or say where it is: EMAILAUTH_URL, --url or a profile.'
    : 'It is on another host: see that it runs there, and that EMAILAUTH_URL, --url or the profile is right.'
  return { ...OF_OTHERS, noGateway }
}

/** Whether the gateway is one of this machine. */
export function isHere({ url }: Pick<Settings, 'url'>): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname)
}

export async function checkCredentials({ file, apiKey }: Settings, remedies: Remedies): Promise<Finding> {
  if (file === undefined) {
    return apiKey === undefined
      ? warn('Credentials', 'no credentials.json and no EMAILAUTH_API_KEY', remedies.noCredentials)
      : ok('Credentials', 'from EMAILAUTH_API_KEY')
  }
  const found = await stat(file).catch(() => undefined)
  if (found === undefined) return warn('Credentials', `${file} is missing`, remedies.noCredentials)
  const mode = found.mode & 0o777
  return (mode & 0o077) === 0
    ? ok('Credentials', file)
    : fail(
        'Credentials',
        `${file} can be read by others (mode ${mode.toString(8)})`,
        `Run: chmod 600 ${file}`,
      )
}

const NOT_READY = 'Its log, and theirs, have a line "not ready for work" that says why.'

/** The gateway, and whether it can work, only answers, or is not there. */
export async function checkGateway(
  { url }: Pick<Settings, 'url'>,
  remedies: Remedies,
): Promise<{
  readonly finding: Finding
  readonly state: 'ready' | 'waiting' | 'away'
}> {
  const { isReady, missing, checks, state: said, fault } = await readiness(url.replace(/\/+$/, ''))
  // Persistence, the mailer and the inbox answer at this path too. Only a gateway asks for persistence.
  const isOther = (isReady || checks.length > 0) && !checks.includes('persistence')
  if (fault !== undefined || isOther) {
    const { detail, fix = remedies.noGateway } = whyAway(url, isOther ? new SyntaxError(said) : fault)
    return { finding: fail('Gateway', `${url}: ${detail}`, fix), state: 'away' }
  }
  if (isReady && missing.length === 0) return { finding: ok('Gateway', `ready at ${url}`), state: 'ready' }
  const state = isReady ? 'ready' : 'waiting'
  if (missing.join() === 'store')
    return {
      finding: fail('Gateway', `${url}: the processes of persistence have different stores`, SET_ONE_STORE),
      state,
    }
  return { finding: fail('Gateway', `${url}: ${said}`, NOT_READY), state }
}

/** Whether the gateway knows the keys; only a ready gateway can answer. */
export async function checkKeys({ url, apiKey, adminKey }: Settings, remedies: Remedies): Promise<Finding[]> {
  const check = (name: string, key: string | undefined) => checkKey(name, url, key, remedies)
  return [
    await check('API key', apiKey),
    ...(adminKey === apiKey ? [] : [await check('Admin key', adminKey)]),
  ]
}

async function checkKey(
  name: string,
  url: string,
  key: string | undefined,
  remedies: Remedies,
): Promise<Finding> {
  if (key === undefined) return warn(name, 'none', remedies.noKey)
  try {
    const { scope, tenant } = await createClient({ url, apiKey: key }).viewer()
    return ok(name, scope === 'ADMIN' ? 'works, scope admin' : `works, tenant ${tenant?.id ?? '?'}`)
  } catch (error) {
    if (error instanceof EmailauthError && error.code === 'UNAUTHENTICATED') {
      return fail(name, 'is unknown or revoked', remedies.unknownKey)
    }
    return fail(name, error instanceof Error ? error.message : String(error), remedies.brokenKey)
  }
}

export async function checkInbox({ inboxUrl }: Settings): Promise<Finding> {
  if (inboxUrl === null) return ok('Inbox', 'none: mail goes to EMAILAUTH_SMTP_URL')
  try {
    await createInbox(inboxUrl).newest({ first: 1 })
    return ok('Inbox', `answers at ${inboxUrl}`)
  } catch {
    return fail('Inbox', `${inboxUrl} does not answer`, START)
  }
}
