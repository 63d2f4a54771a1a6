import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { loggerOptions } from '@emailauth/service/logging/logger'
import { type HostedService, hostMailer, hostPersistence } from '@emailauth/testing/hosted-services'
import { startRedis } from '@emailauth/testing/redis'
import {
  type ServiceOptions,
  sharedEnv,
  startMailer,
  startPersistence,
  type TestService,
} from '@emailauth/testing/services'
import { type ReceivedMail, type SmtpScript, startSmtp } from '@emailauth/testing/smtp'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { buildGateway } from '../src/app.ts'
import type { GatewayOptions } from '../src/gateway-options.ts'

/** What came back from GraphQL. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever was asked for.
  readonly data: any
  readonly errors?: { message: string; path?: string[]; extensions: Record<string, unknown> }[]
  readonly headers: Record<string, unknown>
  readonly text: string
}

/** Who may sign in by mail, here. */
export const ADMIN_EMAIL = 'ada@example.com'

/**
 * For tests of what is answered, not of when: a starved machine may need longer than the usual 2 s, after
 * which the gateway gives a call up.
 */
const UNHURRIED = { persistenceTimeoutMs: 20_000 } as const

type Changes = Partial<
  Pick<
    GatewayOptions,
    | 'adminEmails'
    | 'readOnlyAdminEmails'
    | 'load'
    | 'mailSignIn'
    | 'metricsPublic'
    | 'metricsToken'
    | 'signInDelayMs'
    | 'trustedProxies'
    | 'publicUrl'
    | 'persistenceTimeoutMs'
  >
>

interface Starters<Persistence, Mailer> {
  readonly startPersistence: (options: ServiceOptions) => Promise<Persistence>
  readonly startMailer: (options: ServiceOptions) => Promise<Mailer>
}

/**
 * A gateway of this test's own in front of the real services, a real Redis and a real SMTP server. It waits
 * long for answers.
 */
export const startWorld = (
  script: SmtpScript = {},
  changes: Changes = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<World> =>
  start(
    { startPersistence: hostPersistence, startMailer: hostMailer },
    script,
    { ...UNHURRIED, ...changes },
    variables,
  )

/**
 * The same with persistence in a process of its own, which a test may kill and restart, and the usual 2 s.
 * The mailer stays in the process that tests share: a start of a process takes half a second of CPU.
 */
export const startWorldOfOwnPersistence = (script: SmtpScript = {}): Promise<WorldOfOwnPersistence> =>
  start({ startPersistence, startMailer: hostMailer }, script, {}, {})

/** The same with the mailer in a process of its own, and persistence in the one that tests share. */
export const startWorldOfOwnMailer = () =>
  start({ startPersistence: hostPersistence, startMailer }, {}, {}, {})

async function start<Persistence extends HostedService, Mailer extends HostedService>(
  { startPersistence, startMailer }: Starters<Persistence, Mailer>,
  script: SmtpScript,
  changes: Changes,
  variables: Readonly<Record<string, string>>,
) {
  const [redis, smtp, adminFolder] = await Promise.all([
    startRedis(),
    startSmtp(script),
    mkdtemp(join(tmpdir(), 'emailauth-admin-')),
  ])
  const env = { ...sharedEnv(redis.url), EMAILAUTH_SMTP_URL: smtp.url, ...variables }
  const [persistence, mailer] = await Promise.all([startPersistence({ env }), startMailer({ env })])
  const log: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk))
      done()
    },
  })
  const serviceToken = env.EMAILAUTH_SERVICE_TOKEN
  const options = {
    persistenceUrl: persistence.url,
    mailerUrl: mailer.url,
    serviceToken,
    adminFolder,
    logger: pino(loggerOptions('gateway', 'debug'), sink),
    production: false,
    metricsPublic: true,
    adminEmails: [ADMIN_EMAIL],
    signInDelayMs: () => 0,
    // On a busy machine the tests' own event loop may lag.
    load: { maxEventLoopDelayMs: 10_000 },
    ...changes,
  }
  const app = await buildGateway(options)

  /** Calls persistence past the gateway, as who sets the system up. */
  async function persist(path: string, body: object) {
    const headers = { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' }
    const reply = await fetch(persistence.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!reply.ok) throw new Error(await reply.text())
    return (await reply.json()) as Record<string, unknown>
  }
  async function remove(path: string) {
    const headers = { authorization: `Bearer ${serviceToken}` }
    const reply = await fetch(persistence.url + path, { method: 'DELETE', headers })
    if (!reply.ok) throw new Error(await reply.text())
  }
  const newSession = async (email = ADMIN_EMAIL): Promise<TestSession> => {
    const { session, secret } = await persist('/v1/sessions', { email })
    const { id } = session as { id: string }
    return { id, cookie: `emailauth-session=${id}.${secret}` }
  }
  const newKey = async (request: object) => String((await persist('/v1/api-keys', request)).key)
  await persist('/v1/tenants', { id: 'other', name: 'Other' })

  return {
    app,
    /** Another gateway over the same services; the caller closes it. */
    another: (more: Partial<GatewayOptions> = {}) => buildGateway({ ...options, ...more }),
    env: {
      ...env,
      EMAILAUTH_PERSISTENCE_URL: persistence.url,
      EMAILAUTH_MAILER_URL: mailer.url,
    },
    redis,
    smtp,
    persistence,
    mailer,
    log,
    persist,
    remove,
    newKey,
    newSession,
    key: await newKey({ scope: 'tenant', tenantId: 'demo', name: 'tests' }),
    otherKey: await newKey({ scope: 'tenant', tenantId: 'other', name: 'tests' }),
    adminKey: await newKey({ scope: 'admin', name: 'tests' }),
    async stop() {
      await app.close()
      await Promise.all([persistence.stop(), mailer.stop()])
      await Promise.all([redis.stop(), smtp.stop(), rm(adminFolder, { recursive: true })])
    },
  }
}

type WorldOf<Persistence extends HostedService, Mailer extends HostedService> = Awaited<
  ReturnType<typeof start<Persistence, Mailer>>
>
export type World = WorldOf<HostedService, HostedService>
export type WorldOfOwnPersistence = WorldOf<TestService, HostedService>

/** The session of an admin, and the cookie that bears it. */
export interface TestSession {
  readonly id: string
  readonly cookie: string
}

/** Asks the gateway; `variables` go along as they are. */
export async function ask(
  app: FastifyInstance,
  key: string | undefined,
  query: string,
  variables?: object,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const reply = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      host: 'localhost',
      ...more,
    },
    payload: JSON.stringify({ query, variables }),
  })
  return { status: reply.statusCode, headers: reply.headers, text: reply.body, ...reply.json() }
}

export const REGISTER = `mutation ($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ... on Registered { identityId email expiresAt delivery replaced }
    ... on Problem { code message }
    ... on RateLimited { limit retryAfterSeconds }
  }
}`

export const VERIFY = `mutation ($input: VerifyInput!) {
  verify(input: $input) {
    __typename
    ... on Verified { identityId email token registeredAt }
    ... on Problem { code message }
    ... on RateLimited { limit retryAfterSeconds }
  }
}`

export const RESEND = `mutation ($id: ID!) {
  resend(input: { identityId: $id }) {
    __typename
    ... on Registered { identityId delivery replaced expiresAt }
    ... on Problem { code message }
  }
}`

/** An address that no other test uses. */
export const freshAddress = (): string => `${randomBytes(8).toString('hex')}@example.com`

/** The number in the newest mail to an address: digits in groups at the beginning of a line. */
export function numberMailedTo(mails: readonly ReceivedMail[], email: string): string {
  const mail = mails.findLast(({ to }) => to.includes(email))
  const [number] = /^\d{3,4}(?: \d{3,4})+/m.exec(mail?.raw ?? '') ?? []
  if (number === undefined) throw new Error(`no number was mailed: ${mail?.raw}`)
  return number.replaceAll(' ', '')
}
