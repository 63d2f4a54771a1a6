import { createClient, type EmailauthClient, type WebSocketClass } from '@emailauth/client'
import { CliError, EXIT } from '../exit-codes.ts'
import { type Credentials, type FoundCredentials, findCredentials } from './credentials.ts'
import { type Profile, pickProfile, readProfiles } from './profiles.ts'

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
  /** Where the URL comes from, in words. */
  readonly source: string
}

export interface SettingsSources {
  /** `--url` */
  readonly url: string | undefined
  /** `--profile` */
  readonly profile?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** The current folder. */
  readonly folder: string
}

const DEFAULT_URL = 'http://127.0.0.1:4000'
const DEFAULT_INBOX_URL = 'http://127.0.0.1:8025'

/**
 * Order: flag, environment, the profile named by a flag, the project's file, the current profile. An empty
 * variable counts as absent.
 */
export async function readSettings({ url, profile, env, folder }: SettingsSources): Promise<Settings> {
  const asked = profile ?? (env.EMAILAUTH_PROFILE || undefined)
  const profiles = await readProfiles(env)
  if (asked !== undefined) return mergeSettings(url, env, fromProfile(pickProfile(profiles, asked), asked))
  const found = await findCredentials(env.EMAILAUTH_HOME || undefined, folder)
  if (found !== undefined) return mergeSettings(url, env, found)
  return mergeSettings(url, env, fromProfile(pickProfile(profiles, undefined), profiles.current ?? ''))
}

/** A profile as if it were a file; a tenant's key is no admin key. */
function fromProfile(profile: Profile | undefined, name: string): FoundCredentials | undefined {
  if (profile === undefined) return undefined
  const { url, apiKey, scope } = profile
  const keys = scope === 'TENANT' ? { apiKey } : { adminKey: apiKey }
  return { path: `profile ${name}`, credentials: { url, ...keys, inboxUrl: null } }
}

/** A key that may be shown: which one it is, and not what it is. */
export function maskKey(key: string | undefined): string | null {
  if (key === undefined) return null
  const [, id] = /^(ea_(?:test_)?[^_]+)_/.exec(key) ?? []
  return `${id ?? ''}_…`
}

/** On the host of installed services no file says where the gateway is, but their environment does. */
function besideServices(env: Readonly<Record<string, string | undefined>>): Partial<Credentials> {
  const { EMAILAUTH_GATEWAY_PORT: port, EMAILAUTH_SMTP_URL: relay } = env
  return {
    ...(port ? { url: `http://127.0.0.1:${port}` } : {}),
    ...(relay ? { inboxUrl: null } : {}),
  }
}

/** The order of precedence, without the disk. */
export function mergeSettings(
  flagUrl: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  found: FoundCredentials | undefined,
): Settings {
  const file = found?.credentials ?? besideServices(env)
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
    source:
      flagUrl !== undefined
        ? '--url'
        : env.EMAILAUTH_URL
          ? 'EMAILAUTH_URL'
          : file.url === undefined
            ? 'default'
            : (found?.path ?? 'default'),
  }
}

/**
 * A client with the tenant's key (`tenant`), the admin's (`admin`), or the admin's if there is one
 * (`either`).
 */
export function connect(
  settings: Settings,
  as: 'tenant' | 'admin' | 'either',
  webSocket?: WebSocketClass,
): EmailauthClient {
  const { apiKey, adminKey } = settings
  if (!/^https?:\/\//.test(settings.url) || !URL.canParse(settings.url)) {
    const example = 'It begins with http:// or https://, such as http://127.0.0.1:4000.'
    throw new CliError(EXIT.usage, `The URL of ${settings.source} is no URL of a gateway.`, { hint: example })
  }
  const key = { tenant: apiKey, admin: adminKey, either: adminKey ?? apiKey }[as]
  if (key === undefined) {
    throw new CliError(EXIT.notAuthenticated, `There is no API key for ${settings.url}.`, {
      hint: 'Set EMAILAUTH_API_KEY, or log in with: emailauth login. In a clone of emailauth, npm start makes a key.',
    })
  }
  try {
    return createClient({ url: settings.url, apiKey: key, webSocket, userAgent: 'emailauth-cli' })
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
