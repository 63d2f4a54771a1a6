import type { App } from './apps.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** What every process needs of the machine: programs, folders, language, time zone, authorities, tracing. */
const OF_THE_MACHINE =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SystemRoot|NODE_ENV|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|OTEL_\w+)$/

const LISTENER = [
  'ACCEPTED_SERVICE_TOKENS',
  'DRAIN_SECONDS',
  'LOG_LEVEL',
  'METRICS_PUBLIC',
  'METRICS_TOKEN',
  'PROCESSES',
  'SERVICE_TOKEN',
  'TLS_CA',
  'TLS_CERT',
  'TLS_KEY',
]
const OF_TENANTS = [
  'ALLOW_PLAINTEXT_SMTP',
  'ALLOW_PLAINTEXT_WEBHOOKS',
  'ALLOW_PRIVATE_SMTP',
  'ALLOW_PRIVATE_WEBHOOKS',
]

const OF_ONE = {
  gateway: [
    ...LISTENER,
    'ADMIN_DIR',
    'ADMIN_EMAILS',
    'READ_ONLY_ADMIN_EMAILS',
    'ADMIN_MAIL_SIGN_IN',
    'GATEWAY_PORT',
    'HOST',
    'MAILER_URL',
    'MAX_CONNECTIONS',
    'CORS_ORIGINS',
    'PERSISTENCE_URL',
    'PUBLIC_URL',
    'TRUSTED_PROXIES',
  ],
  persistence: [
    ...LISTENER,
    ...OF_TENANTS,
    'PERSISTENCE_HOST',
    'PERSISTENCE_PORT',
    'REDIS_REPLICAS',
    'REDIS_URL',
    'SECRET_KEYS',
  ],
  mailer: [
    ...LISTENER,
    ...OF_TENANTS,
    'BOUNCE_ADDRESS',
    'BOUNCE_LISTEN',
    'BOUNCE_SECRET',
    'DKIM',
    'MAILGUN_SIGNING_KEY',
    'MAIL_HEADERS',
    'POSTMARK_WEBHOOK_AUTH',
    'SENDGRID_WEBHOOK_KEY',
    'SES_TOPIC_ARN',
    'SMTP_NAME',
    'MAILER_KEYS',
    'MAILER_HOST',
    'MAILER_PORT',
    'MAIL_FROM',
    'REDIS_URL',
    'SMTP_URL',
    'WEBHOOK_DISABLE_DAYS',
  ],
  inbox: ['INBOX_PORT', 'LOG_LEVEL', 'SMTP_PORT'],
} as const

/**
 * Our variables that `up` passes on to each service, without their prefix. A test compares them with
 * .env.example.
 */
export const OWN_VARIABLES: Readonly<Record<App['name'], readonly string[]>> = {
  ...OF_ONE,
  serve: [...new Set([...OF_ONE.gateway, ...OF_ONE.persistence, ...OF_ONE.mailer, 'SERVE_REST'])],
}

/** A service's environment: what the machine needs, its own variables of ours, and what `up` says instead. */
export function childEnvironment(
  name: App['name'],
  given: Variables,
  planned: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = new Set(OWN_VARIABLES[name].map((variable) => `EMAILAUTH_${variable}`))
  return { ...only(given, (variable) => OF_THE_MACHINE.test(variable) || own.has(variable)), ...planned }
}

/** The environment of a program that is none of ours. */
export function machineEnvironment(given: Variables): Record<string, string> {
  return only(given, (variable) => OF_THE_MACHINE.test(variable))
}

function only(given: Variables, isWanted: (name: string) => boolean): Record<string, string> {
  const wanted = Object.entries(given).flatMap(([name, value]): [string, string][] =>
    value !== undefined && isWanted(name) ? [[name, value]] : [],
  )
  return Object.fromEntries(wanted)
}
