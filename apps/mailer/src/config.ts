import { parseRedisUrl } from '@emailauth/redis/connection/redis-url'
import { redisUrlWarnings } from '@emailauth/redis/connection/redis-url-warnings'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { deriveMailerRing } from '@emailauth/secrets/mailer-ring'
import {
  allowPlaintextSmtp,
  allowPrivateSmtp,
  ConfigError,
  type Environment,
  hostVariable,
  numberVariable,
  portVariable,
  readEnvironment,
  redisUrlVariable,
  secretKeys,
  sharedEnvironment,
  webhookPermissions,
} from '@emailauth/service/config/config'
import { withEnvFile } from '@emailauth/service/config/env-file'
import { readGiven } from '@emailauth/service/config/given-environment'
import { type ConfigWarning, warningsOf } from '@emailauth/service/config/warnings'
import { z } from 'zod'
import { parseBounceAddress } from './bounces/bounce-address.ts'
import { parseBounceListen } from './bounces/bounce-listen.ts'
import { parseSendgridKey } from './bounces/providers/sendgrid.ts'
import { parseDkimKeys } from './mime/dkim-keys.ts'
import { parseExtraHeaders } from './mime/extra-headers.ts'
import { parseMailbox } from './mime/mailbox.ts'
import type { MailSetup } from './setup/examine-mail.ts'
import { parseClientName } from './smtp/client-name.ts'
import { parseSmtpUrls } from './smtp/smtp-url.ts'
import { smtpUrlWarnings } from './smtp/smtp-url-warnings.ts'

/** The mailer's environment. */
export const mailerEnvironment = {
  ...sharedEnvironment,
  EMAILAUTH_REDIS_URL: redisUrlVariable(parseRedisUrl),
  EMAILAUTH_MAILER_KEYS: secretKeys
    .optional()
    .describe(
      "The mailer's own keys, derived from EMAILAUTH_SECRET_KEYS by scripts/mailer-keys.mjs; newest first",
    ),
  EMAILAUTH_SECRET_KEYS: sharedEnvironment.EMAILAUTH_SECRET_KEYS.optional(),
  EMAILAUTH_MAILER_HOST: hostVariable('the mailer'),
  EMAILAUTH_MAILER_PORT: portVariable(4002, 'the mailer'),
  EMAILAUTH_SMTP_URL: parsedBy(parseSmtpUrls)
    .default(parseSmtpUrls('smtp://127.0.0.1:1025'))
    .describe(
      'smtp:// or smtps:// with user, password, host and port; comma-separated in the order in which they are tried; ?starttls=required, offered or none; ?rate= mails a second; ?connections=; time-outs and more: docs/operations/relays.md',
    ),
  EMAILAUTH_MAIL_FROM: parsedBy(parseMailbox)
    .default(parseMailbox('emailauth <no-reply@localhost>'))
    .describe('Sender of the mails: name <address>'),
  EMAILAUTH_SMTP_NAME: parsedBy(parseClientName)
    .optional()
    .describe("How the mailer calls itself in EHLO; by default this host's name, or the sender's domain"),
  EMAILAUTH_MAIL_HEADERS: parsedBy(parseExtraHeaders)
    .default({})
    .describe('Headers of all mails, for providers: {"X-SES-CONFIGURATION-SET":"codes"}'),
  EMAILAUTH_DKIM: parsedBy(parseDkimKeys)
    .default([])
    .describe(
      'DKIM keys: domain:selector:/path/key.pem of RSA or Ed25519, comma-separated; all of a domain sign',
    ),
  EMAILAUTH_ALLOW_PRIVATE_SMTP: allowPrivateSmtp,
  EMAILAUTH_ALLOW_PLAINTEXT_SMTP: allowPlaintextSmtp,
  ...webhookPermissions,
  EMAILAUTH_WEBHOOK_DISABLE_DAYS: numberVariable(1, 30, ' of days')
    .default(5)
    .describe('A webhook endpoint to which nothing gets through for so many days is disabled, with an event'),
  EMAILAUTH_BOUNCE_ADDRESS: parsedBy(parseBounceAddress)
    .optional()
    .describe(
      'Envelope sender: each mail goes out from name+token@domain, so that a report of a failed delivery names its message',
    ),
  EMAILAUTH_BOUNCE_LISTEN: parsedBy(parseBounceListen)
    .default([])
    .describe(
      'Where reports of failed deliveries to EMAILAUTH_BOUNCE_ADDRESS are taken: smtp://0.0.0.0:25 or lmtp://127.0.0.1:2424, comma-separated',
    ),
  EMAILAUTH_BOUNCE_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe('Signs what is posted to /v1/bounces; without it no bounces are taken'),
  EMAILAUTH_SES_TOPIC_ARN: z
    .string()
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, 'must be the ARN of an SNS topic')
    .optional()
    .describe(
      'SNS topic of Amazon SES bounces and complaints: /hooks/mail/ses of the gateway takes those of no other',
    ),
  EMAILAUTH_SENDGRID_WEBHOOK_KEY: parsedBy(parseSendgridKey)
    .optional()
    .describe("Verification key of SendGrid's signed event webhook: /hooks/mail/sendgrid of the gateway"),
  EMAILAUTH_MAILGUN_SIGNING_KEY: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe("Mailgun's HTTP webhook signing key: /hooks/mail/mailgun of the gateway"),
  EMAILAUTH_POSTMARK_WEBHOOK_AUTH: z
    .string()
    .regex(
      /^[\x21-\x39\x3b-\x7e]+:[\x21-\x7e]{16,}$/,
      'must be user:password, the password of at least 16 characters',
    )
    .optional()
    .describe('user:password in the URL that Postmark calls: https://user:password@…/hooks/mail/postmark'),
} as const

export type MailerConfig = Environment<typeof mailerEnvironment> & {
  readonly keyRing: KeyRing
  readonly NODE_ENV: string | undefined
  /** Whether the mailer holds the master key ring, which opens everything. */
  readonly holdsMasterKeys: boolean
}

/** @throws {ConfigError} that lists every error at once */
export function readConfig(env: Readonly<Record<string, string | undefined>>): MailerConfig {
  const config = readEnvironment(mailerEnvironment, env)
  const master = config.EMAILAUTH_SECRET_KEYS
  const keyRing = config.EMAILAUTH_MAILER_KEYS ?? (master && deriveMailerRing(master))
  if (keyRing === undefined)
    throw new ConfigError('EMAILAUTH_MAILER_KEYS: is missing; make it with: node scripts/mailer-keys.mjs')
  if (config.EMAILAUTH_BOUNCE_LISTEN.length > 0 && config.EMAILAUTH_BOUNCE_ADDRESS === undefined)
    throw new ConfigError('EMAILAUTH_BOUNCE_LISTEN: needs EMAILAUTH_BOUNCE_ADDRESS, which it takes mail for')
  if (env.NODE_ENV === 'production') requireMail(env)
  return { ...config, keyRing, NODE_ENV: env.NODE_ENV, holdsMasterKeys: master !== undefined }
}

export const configWarnings = (
  env: Readonly<Record<string, string | undefined>> = withEnvFile(process.env, process.cwd()),
): readonly ConfigWarning[] =>
  warningsOf({ EMAILAUTH_REDIS_URL: redisUrlWarnings, EMAILAUTH_SMTP_URL: smtpUrlWarnings }, env)

/** The variables that say how mails leave. */
const MAIL_VARIABLES = [
  'EMAILAUTH_SMTP_URL',
  'EMAILAUTH_MAIL_FROM',
  'EMAILAUTH_SMTP_NAME',
  'EMAILAUTH_DKIM',
  'EMAILAUTH_BOUNCE_ADDRESS',
] as const satisfies readonly (keyof typeof mailerEnvironment)[]

/**
 * Reads how mails leave, for `emailauth doctor --mail`, which needs neither Redis nor keys.
 * @throws {ConfigError} that names every fault at once.
 */
export function readMailSetup(env: Readonly<Record<string, string | undefined>>): MailSetup {
  // The keys are those of the list; `Object.fromEntries` forgets them.
  const shape = Object.fromEntries(MAIL_VARIABLES.map((name) => [name, mailerEnvironment[name]]))
  const config = readEnvironment(
    shape as Pick<typeof mailerEnvironment, (typeof MAIL_VARIABLES)[number]>,
    env,
  )
  const { env: given } = readGiven(env)
  return {
    smtpServers: given.EMAILAUTH_SMTP_URL ? config.EMAILAUTH_SMTP_URL : undefined,
    from: given.EMAILAUTH_MAIL_FROM ? config.EMAILAUTH_MAIL_FROM : undefined,
    clientName: config.EMAILAUTH_SMTP_NAME,
    dkimKeys: config.EMAILAUTH_DKIM,
    bounceAddress: config.EMAILAUTH_BOUNCE_ADDRESS,
  }
}

/** Production requires a relay and a sender. The defaults are for the built-in inbox. */
function requireMail(env: Readonly<Record<string, string | undefined>>): void {
  const { env: given } = readGiven(env)
  const missing = ['EMAILAUTH_SMTP_URL', 'EMAILAUTH_MAIL_FROM'].filter((name) => !given[name])
  if (missing.length === 0) return
  throw new ConfigError(missing.map((name) => `${name}: must be set when NODE_ENV is production`).join('\n'))
}

/** Parses text with one of our parsers. The error it throws becomes the variable's error. */
function parsedBy<T>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is not valid' })
      return z.NEVER
    }
  })
}
