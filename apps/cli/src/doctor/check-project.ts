import { stat } from 'node:fs/promises'
import { createClient, EmailauthError } from '@emailauth/client'
import { isLoopback } from '@emailauth/contracts/loopback'
import type { Settings } from '../connection/settings.ts'
import { createInbox } from '../inbox/inbox-client.ts'
import { NO_ANSWER, readiness } from '../up/ready.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const START = 'Start everything with: npx emailauth up'
const ELSEWHERE =
  'It is on another host: see that it runs there, and that EMAILAUTH_URL, --url or the profile is right.'

/** Whether the gateway is one of this machine, which `up` can start. */
export function isHere({ url }: Pick<Settings, 'url'>): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname)
}

export async function checkCredentials({ file, apiKey }: Settings): Promise<Finding> {
  if (file === undefined) {
    return apiKey === undefined
      ? warn('Credentials', 'no credentials.json and no EMAILAUTH_API_KEY', START)
      : ok('Credentials', 'from EMAILAUTH_API_KEY')
  }
  const found = await stat(file).catch(() => undefined)
  if (found === undefined) return warn('Credentials', `${file} is missing`, START)
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
export async function checkGateway({ url }: Pick<Settings, 'url'>): Promise<{
  readonly finding: Finding
  readonly state: 'ready' | 'waiting' | 'away'
}> {
  const { isReady, missing, state: said } = await readiness(url.replace(/\/+$/, ''))
  if (isReady && missing.length === 0) return { finding: ok('Gateway', `ready at ${url}`), state: 'ready' }
  const state = isReady ? 'ready' : said === NO_ANSWER ? 'away' : 'waiting'
  const remedy = isHere({ url }) ? START : ELSEWHERE
  return { finding: fail('Gateway', `${url}: ${said}`, state === 'away' ? remedy : NOT_READY), state }
}

/** Whether the gateway knows the keys; only a ready gateway can answer. */
export async function checkKeys({ url, apiKey, adminKey }: Settings): Promise<Finding[]> {
  return [
    await checkKey('API key', url, apiKey),
    ...(adminKey === apiKey ? [] : [await checkKey('Admin key', url, adminKey)]),
  ]
}

async function checkKey(name: string, url: string, key: string | undefined): Promise<Finding> {
  if (key === undefined)
    return warn(name, 'none', 'Set EMAILAUTH_API_KEY, or start everything with: npx emailauth up')
  try {
    const { scope, tenant } = await createClient({ url, apiKey: key }).viewer()
    return ok(name, scope === 'ADMIN' ? 'works, scope admin' : `works, tenant ${tenant?.id ?? '?'}`)
  } catch (error) {
    if (error instanceof EmailauthError && error.code === 'UNAUTHENTICATED') {
      return fail(
        name,
        'is unknown or revoked',
        'Make a new one: emailauth keys create, or a new emailauth up',
      )
    }
    return fail(name, error instanceof Error ? error.message : String(error), START)
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
