import { createClient, type EmailauthClient } from '@emailauth/client'
import { type FoundCredentials, findCredentials } from './credentials.ts'
import { CliError, EXIT } from './exit-codes.ts'

/** Where calls go and with which keys. */
export interface Settings {
  readonly url: string
  /** For register, verify and resend. */
  readonly apiKey: string | undefined
  /** For tenants, keys, and the identities of every tenant. */
  readonly adminKey: string | undefined
  /** null: there is none, mail goes to a real SMTP server. */
  readonly inboxUrl: string | null
  /** The file that was found, whether it was needed or not. */
  readonly file: string | undefined
}

export interface SettingsSources {
  /** `--url` */
  readonly url: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** The current folder. */
  readonly folder: string
}

const DEFAULT_URL = 'http://127.0.0.1:4000'
const DEFAULT_INBOX_URL = 'http://127.0.0.1:8025'

/** Flag, then environment, then the project's file. An empty variable counts as absent. */
export async function readSettings({ url, env, folder }: SettingsSources): Promise<Settings> {
  return mergeSettings(url, env, await findCredentials(env.EMAILAUTH_HOME || undefined, folder))
}

/** The order of precedence, without the disk. */
export function mergeSettings(
  flagUrl: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  found: FoundCredentials | undefined,
): Settings {
  const file = found?.credentials ?? {}
  const url = flagUrl ?? (env.EMAILAUTH_URL || undefined) ?? file.url ?? DEFAULT_URL
  const given = env.EMAILAUTH_API_KEY || undefined
  // A key from the file goes only where the file says: a mistyped --url must not carry it to a stranger.
  const filed = isSameServer(url, file.url ?? DEFAULT_URL) ? file : {}
  return {
    url,
    apiKey: given ?? filed.apiKey,
    adminKey: given ?? filed.adminKey,
    inboxUrl: file.inboxUrl === undefined ? DEFAULT_INBOX_URL : file.inboxUrl,
    file: found?.path,
  }
}

/** A client with the tenant's key (`tenant`), the admin's (`admin`), or the admin's where there is one (`either`). */
export function connect(settings: Settings, as: 'tenant' | 'admin' | 'either'): EmailauthClient {
  const { apiKey, adminKey } = settings
  const key = { tenant: apiKey, admin: adminKey, either: adminKey ?? apiKey }[as]
  if (key === undefined) {
    throw new CliError(EXIT.notAuthenticated, `There is no API key for ${settings.url}.`, {
      hint: 'Set EMAILAUTH_API_KEY, or start emailauth in this project with: npx emailauth up',
    })
  }
  try {
    return createClient({ url: settings.url, apiKey: key })
  } catch (error) {
    throw new CliError(EXIT.usage, error instanceof Error ? error.message : String(error))
  }
}

function isSameServer(a: string, b: string): boolean {
  const server = (url: string) => {
    if (!URL.canParse(url)) return url
    const { protocol, hostname, port } = new URL(url)
    return `${protocol}//${['localhost', '[::1]'].includes(hostname) ? '127.0.0.1' : hostname}:${port}`
  }
  return server(a) === server(b)
}
