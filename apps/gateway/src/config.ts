import { fileURLToPath } from 'node:url'
import {
  type Environment,
  hostVariable,
  listenerEnvironment,
  numberVariable,
  portVariable,
  readEnvironment,
  sharedEnvironment,
  splitList,
} from '@emailauth/service/config/config'
import { withEnvFile } from '@emailauth/service/config/env-file'
import { type ConfigWarning, warningsOf } from '@emailauth/service/config/warnings'
import { z } from 'zod'
import { MAIL_SIGN_IN } from './auth/mail-sign-in.ts'
import { isPublicUrl } from './auth/relying-party.ts'

const isHttpUrl = (text: string) => z.url({ protocol: /^https?$/ }).safeParse(text).success

/** Without what follows the host: undici opens no connection to such a URL. */
function isBaseUrl(text: string): boolean {
  if (!isHttpUrl(text)) return false
  const { pathname, search, hash } = new URL(text)
  return pathname === '/' && search === '' && hash === ''
}

const serviceUrls = (fallback: string, of: string) =>
  z
    .string()
    .default(fallback)
    .refine((list) => splitList(list).length > 0 && splitList(list).every(isBaseUrl), {
      error: `must be the URL of ${of} without path and query, such as ${fallback}, or several separated by commas`,
    })
    .describe(
      `URL of ${of}, or several, comma-separated: processes that share its work. A name with several addresses counts as several`,
    )

const isOrigin = (text: string) => text === '*' || (isHttpUrl(text) && new URL(text).origin === text)

const network = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  'must be a list of IP addresses or networks such as 10.0.0.0/8',
)

const addresses = z
  .string()
  .default('')
  .transform(splitList)
  .pipe(z.array(z.string().regex(/^[^\s@]+@[^\s@]+$/, 'must be a comma-separated list of addresses')))

/**
 * The gateway's environment variables. It gets neither Redis nor the secret keys.
 * @public read by scripts/env-example.mjs
 */
export const gatewayEnvironment = {
  EMAILAUTH_GATEWAY_PORT: portVariable(4000, 'the gateway'),
  EMAILAUTH_HOST: hostVariable('the gateway'),
  EMAILAUTH_PERSISTENCE_URL: serviceUrls('http://127.0.0.1:4001', 'the persistence service'),
  EMAILAUTH_MAILER_URL: serviceUrls('http://127.0.0.1:4002', 'the mailer service'),
  ...listenerEnvironment,
  EMAILAUTH_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform(splitList)
    .pipe(z.array(network))
    .describe(
      'Addresses or networks (CIDR) of the proxies in front, comma-separated; only their X-Forwarded-For is believed',
    ),
  EMAILAUTH_CORS_ORIGINS: z
    .string()
    .default('')
    .transform(splitList)
    .pipe(
      z.array(z.string().refine(isOrigin, 'must be a list of origins such as https://app.example.com, or *')),
    )
    .describe(
      'Web origins whose pages may call the API with an API key, comma-separated; *: any. Cookies never count for them. Default: none',
    ),
  EMAILAUTH_MAX_CONNECTIONS: numberVariable(16, 100_000)
    .default(4000)
    .describe('Connections at a time; one address that is no trusted proxy may hold a quarter of them'),
  EMAILAUTH_ADMIN_EMAILS: addresses.describe(
    'Addresses of admins, comma-separated: they sign in to the dashboard',
  ),
  EMAILAUTH_READ_ONLY_ADMIN_EMAILS: addresses.describe(
    'Addresses of admins who may look at everything and change nothing, comma-separated',
  ),
  EMAILAUTH_ADMIN_MAIL_SIGN_IN: z
    .enum(MAIL_SIGN_IN, `must be one of ${MAIL_SIGN_IN.join(', ')}`)
    .default('always')
    .describe('Whether admins sign in by mail: always, without-passkey (those who have none), or never'),
  EMAILAUTH_PUBLIC_URL: z
    // What is no URL is not looked at further, which would throw.
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://emailauth.example.com', abort: true })
    .refine(
      isPublicUrl,
      'must be https with the name of a host, or http://localhost; passkeys work nowhere else',
    )
    .optional()
    .describe(
      'URL at which browsers find the dashboard; passkeys belong to its host. Without it they work at http://localhost only',
    ),
  EMAILAUTH_SERVICE_TOKEN: sharedEnvironment.EMAILAUTH_SERVICE_TOKEN,
  EMAILAUTH_ADMIN_DIR: z
    .string()
    .default(fileURLToPath(new URL('../../admin/dist', import.meta.url)))
    .describe("Folder of the built admin app; default: beside the gateway's own"),
  EMAILAUTH_DRAIN_SECONDS: sharedEnvironment.EMAILAUTH_DRAIN_SECONDS,
  EMAILAUTH_PROCESSES: sharedEnvironment.EMAILAUTH_PROCESSES,
  EMAILAUTH_LOG_LEVEL: sharedEnvironment.EMAILAUTH_LOG_LEVEL,
  NODE_ENV: z
    .string()
    .optional()
    .describe(
      'production: no GraphQL introspection, and numbers of test tenants live a minute at least; anything else: development',
    ),
} as const

export type GatewayConfig = Environment<typeof gatewayEnvironment>

/** @throws {ConfigError} that names every fault at once. */
export const readConfig = (): GatewayConfig =>
  readEnvironment(gatewayEnvironment, withEnvFile(process.env, process.cwd()))

export const configWarnings = (
  env: Readonly<Record<string, string | undefined>> = withEnvFile(process.env, process.cwd()),
): readonly ConfigWarning[] =>
  warningsOf({ EMAILAUTH_PERSISTENCE_URL: userWarnings, EMAILAUTH_MAILER_URL: userWarnings }, env)

const userWarnings = (urls: string) =>
  splitList(urls).some((text) => /\/\/[^/]*@/.test(text))
    ? ['User and password are not used: the services know each other by EMAILAUTH_SERVICE_TOKEN.']
    : []
