import { type KeyRing, parseKeyRing } from '@emailauth/secrets/key-ring'
import { z } from 'zod'
import { readGiven } from './given-environment.ts'

/** The environment variables of a service. The description of each zod shape goes into `.env.example`. */
export type EnvironmentShape = Readonly<{ [Name in `EMAILAUTH_${string}` | 'NODE_ENV']?: z.ZodType }>

export type Environment<Shape extends EnvironmentShape> = {
  readonly [Name in keyof Shape]: z.output<Extract<Shape[Name], z.ZodType>>
}

/** The environment is invalid. The message has one line for each fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the environment once, with the files that `…_FILE` names. An empty variable counts as absent.
 * @throws {ConfigError} that lists all faults at once.
 */
export function readEnvironment<Shape extends EnvironmentShape>(
  shape: Shape,
  env: Readonly<Record<string, string | undefined>>,
): Environment<Shape> {
  const { env: complete, faults: misgiven } = readGiven(env)
  const given = Object.fromEntries(
    Object.keys(shape).map((name) => [name, complete[name] === '' ? undefined : complete[name]]),
  )
  // It reads once, so code made for this shape would not pay.
  const read = z.object(shape).safeParse(given, { jitless: true })
  const faults = read.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? []
  // The shape has been checked; zod loses its type in a record of any shapes.
  if (read.success && misgiven.length === 0) return read.data as Environment<Shape>
  throw new ConfigError([...misgiven, ...faults].join('\n'))
}

/** A variable that is a whole number, of `what` when that needs saying. */
export function numberVariable(least: number, most: number, what = '') {
  const message = `must be a whole number${what}, ${least} to ${most}`
  return z.coerce.number(message).int(message).min(least, message).max(most, message)
}

/** The entries of a comma-separated list. */
export const splitList = (list: string): string[] =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

const port = numberVariable(0, 65_535)

/** A key ring. The message of an invalid one says what is wrong. */
export const secretKeys = z
  .string('is missing; make one with: echo "xchacha20-poly1305:$(openssl rand -base64 32)"')
  .transform((list, context): KeyRing => {
    try {
      return parseKeyRing(list)
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: error instanceof Error ? error.message : 'is not a key ring',
      })
      return z.NEVER
    }
  })

/** A variable that is `true` or `false`, and false when absent. */
export function flagVariable(description: string) {
  return z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((text) => text === 'true')
    .describe(description)
}

const serviceToken = z
  .string('is missing; make one with: openssl rand -hex 32')
  .min(32, 'must have at least 32 characters')

/** Who may call a service, and how; see `listener.ts`. */
export const listenerEnvironment = {
  EMAILAUTH_TLS_CERT: z
    .string()
    .optional()
    .describe(
      'PEM file: the certificate of this service. With it the services speak HTTPS to each other, and the gateway shows it to them',
    ),
  EMAILAUTH_TLS_KEY: z.string().optional().describe('PEM file: the private key of that certificate'),
  EMAILAUTH_TLS_CA: z
    .string()
    .optional()
    .describe('PEM file: the authority that the certificates of the other services must come from'),
  EMAILAUTH_METRICS_PUBLIC: flagVariable('true: /metrics answers without a token'),
  EMAILAUTH_METRICS_TOKEN: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe(
      'For a collector: opens /metrics and nothing else. The service token, which opens it too, opens all',
    ),
  EMAILAUTH_ACCEPTED_SERVICE_TOKENS: z
    .string()
    .default('')
    .transform(splitList)
    .pipe(z.array(z.string().min(32, 'each must have at least 32 characters')))
    .describe(
      'While EMAILAUTH_SERVICE_TOKEN is replaced: the other one, which is accepted too; comma-separated',
    ),
} as const

/** How long a service continues to work after SIGTERM. */
const DRAIN = 'must be a number of seconds, 0 to 600'
const drainVariable = z.coerce
  .number(DRAIN)
  .min(0, DRAIN)
  .max(600, DRAIN)
  .default(0)
  .describe(
    'Seconds for which a service goes on working after SIGTERM while /readyz says 503; behind a balancer, longer than it takes to notice',
  )

/** How many processes of a service share its listener. */
const processesVariable = numberVariable(1, 64, ' of processes')
  .default(1)
  .describe(
    'Processes of this service that share its listener, for more than one core; one that ends is started again',
  )

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const

const REDIS_URL =
  'redis:// or rediss:// (a comma-separated list is a Cluster), redis+sentinel:// or rediss+sentinel://h1,h2/name, unix:///path'

const redisUrl = z
  .string('is missing; for example redis://127.0.0.1:6379')
  .min(1, { abort: true })
  .regex(/^\s*(?:rediss?(?:\+sentinel)?:\/\/|unix:)/i, {
    error: 'must begin with redis://, rediss://, redis+sentinel://, rediss+sentinel:// or unix://',
    abort: true,
  })

/** The variables that more than one service reads. */
export const sharedEnvironment = {
  ...listenerEnvironment,
  EMAILAUTH_REDIS_URL: redisUrl.describe(REDIS_URL),
  EMAILAUTH_SECRET_KEYS: secretKeys.describe(
    'Key ring: comma-separated, newest first. Each is base64 of 32 bytes, after xchacha20-poly1305: for that cipher, alone for XAES-256-GCM',
  ),
  EMAILAUTH_SERVICE_TOKEN: serviceToken.describe('Bearer token between the services'),
  EMAILAUTH_DRAIN_SECONDS: drainVariable,
  EMAILAUTH_PROCESSES: processesVariable,
  EMAILAUTH_LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .default('info')
    .describe('trace, debug, info, warn, error or silent'),
} as const

/**
 * The Redis URL of a service that connects by it. One that cannot be used is a wrong setting, which ends with
 * exit code 78 before anything else is begun.
 * @param parse throws a sentence about what is wrong
 */
export const redisUrlVariable = (parse: (url: string) => unknown) =>
  redisUrl
    .superRefine((url, context) => {
      try {
        parse(url)
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
      }
    })
    .describe(REDIS_URL)

/** Persistence reads it when a tenant's SMTP server is set, and the mailer when it is used. */
export const allowPrivateSmtp = flagVariable(
  "true: a tenant's own SMTP server may have a private or loopback address",
)

/** Read by the same two services. */
export const allowPlaintextSmtp = flagVariable(
  "true: a tenant's own SMTP server on the Internet may be spoken to without TLS (?starttls=none or offered)",
)

const developmentFlag = (description: string) =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .optional()
    .transform((text) => (text === undefined ? undefined : text === 'true'))
    .describe(`${description}; absent: only where NODE_ENV is not production`)

/** Read where a webhook endpoint is set, and where it is called. */
export const webhookPermissions = {
  EMAILAUTH_ALLOW_PRIVATE_WEBHOOKS: developmentFlag(
    'true: webhook endpoints may have a private or loopback address',
  ),
  EMAILAUTH_ALLOW_PLAINTEXT_WEBHOOKS: developmentFlag('true: webhook endpoints may be http:// URLs'),
} as const

/** The two permissions as they are in force. */
export function webhookRulesOf(
  config: Environment<typeof webhookPermissions>,
  nodeEnv: string | undefined,
): { readonly allowPrivate: boolean; readonly allowPlaintext: boolean } {
  const fallback = nodeEnv !== 'production'
  return {
    allowPrivate: config.EMAILAUTH_ALLOW_PRIVATE_WEBHOOKS ?? fallback,
    allowPlaintext: config.EMAILAUTH_ALLOW_PLAINTEXT_WEBHOOKS ?? fallback,
  }
}

/** The address that a service listens on. IPv6 may be in brackets, as in a URL. */
export function hostVariable(of: string) {
  return (
    z
      .string()
      .default('127.0.0.1')
      .transform((host) => host.replace(/^\[(.*)\]$/, '$1'))
      // For localhost Fastify opens a second server, for ::1, which limits and certificates would miss.
      .transform((host) => (host === 'localhost' ? '127.0.0.1' : host))
      .refine((host) => z.union([z.ipv4(), z.ipv6(), z.hostname()]).safeParse(host).success, {
        error: 'must be an address or name of this machine, such as 127.0.0.1, 0.0.0.0 or [::1]',
      })
      .describe(`Address that ${of} listens on; 0.0.0.0 opens it to other machines`)
  )
}

/** The shape of a port variable with its default. */
export function portVariable(fallback: number, of: string) {
  return port.default(fallback).describe(`Port of ${of}`)
}
