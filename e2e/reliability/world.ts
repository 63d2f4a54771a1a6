import { randomBytes } from 'node:crypto'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import {
  sharedEnv,
  startGateway,
  startMailer,
  startPersistence,
  type TestService,
} from '@emailauth/testing/services'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { createGatewayClient, type GatewayClient } from './gateway-client.ts'
import { type Link, startLink } from './link.ts'

/**
 * The built services with the test's own Redis and SMTP server. Each gateway has its own persistence
 * process.
 */
export interface World {
  /** The variables that its services share, secrets among them. */
  readonly env: ReturnType<typeof sharedEnv>
  readonly redis: TestRedis
  readonly smtp: TestSmtp
  readonly mailer: TestService
  readonly persistences: readonly TestService[]
  readonly gateways: readonly TestService[]
  /** One for each gateway. */
  readonly clients: readonly GatewayClient[]
  /**
   * With `linked`: links from the first gateway to its persistence, and from there to Redis. Others go
   * direct.
   */
  readonly links: Readonly<Record<'gateway to persistence' | 'persistence to Redis', Link>> | undefined
  /** Makes a tenant whose limits are out of the way, and an API key of it. */
  newTenant(): Promise<string>
  /** Calls the first persistence past the gateway, as who sets the system up. */
  persist(path: string, body: object): Promise<Record<string, unknown>>
  /** The numbers mailed to an address, oldest first. */
  numbersMailedTo(email: string): string[]
  stop(): Promise<void>
}

export interface WorldOptions {
  readonly pairs: number
  readonly linked?: boolean
  readonly redis?: readonly string[]
  readonly logLevel?: string
  /** Connections from the mailer to the SMTP server. */
  readonly smtpConnections?: number
}

/** What is tested is not how limits stop it. */
export const WIDE_SETTINGS = {
  mailsPerAddress: [{ max: 1000, windowSeconds: 60 }],
  missBudgetPerHour: 100_000,
  registersPerTenant: { max: 1_000_000, windowSeconds: 60 },
  ttlSeconds: 7200,
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const stops: (() => Promise<unknown>)[] = []
  const keep = <T extends object>(started: T, stop: (started: T) => Promise<unknown>): T => {
    stops.push(() => stop(started))
    return started
  }
  const stop = async () => {
    for (const end of stops.toReversed()) await end()
  }
  try {
    const redis = keep(await startRedis(...(options.redis ?? [])), (it) => it.stop())
    const smtp = keep(await startSmtp(), (it) => it.stop())
    const env = { ...sharedEnv(redis.url), EMAILAUTH_LOG_LEVEL: options.logLevel ?? 'warn' }
    const smtpUrl = `${smtp.url}?connections=${options.smtpConnections ?? 10}`
    const mailer = keep(await startMailer({ env: { ...env, EMAILAUTH_SMTP_URL: smtpUrl } }), (it) =>
      it.stop(),
    )
    const toRedis = options.linked ? keep(await startLink(redis.port), (it) => it.stop()) : undefined
    let toPersistence: Link | undefined
    const persistences: TestService[] = []
    const gateways: TestService[] = []
    for (let i = 0; i < options.pairs; i++) {
      const first = i === 0
      const redisUrl = first && toRedis ? { EMAILAUTH_REDIS_URL: `redis://127.0.0.1:${toRedis.port}` } : {}
      const persistence = keep(await startPersistence({ env: { ...env, ...redisUrl } }), (it) => it.stop())
      persistences.push(persistence)
      if (first && options.linked)
        toPersistence = keep(await startLink(portOf(persistence)), (it) => it.stop())
      const urls = {
        EMAILAUTH_PERSISTENCE_URL:
          first && toPersistence ? `http://127.0.0.1:${toPersistence.port}` : persistence.url,
        EMAILAUTH_MAILER_URL: mailer.url,
      }
      gateways.push(keep(await startGateway({ env: { ...env, ...urls } }), (it) => it.stop()))
    }
    const persist = async (path: string, body: object) => {
      const reply = await fetch(`${persistences[0]?.url}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      })
      if (!reply.ok) throw new Error(await reply.text())
      return (await reply.json()) as Record<string, unknown>
    }
    return {
      env,
      redis,
      smtp,
      mailer,
      persistences,
      gateways,
      clients: gateways.map(({ url }) => keep(createGatewayClient(url), (it) => it.close())),
      links:
        toRedis && toPersistence
          ? { 'gateway to persistence': toPersistence, 'persistence to Redis': toRedis }
          : undefined,
      async newTenant() {
        const id = `t${randomBytes(6).toString('hex')}`
        await persist('/v1/tenants', { id, name: id, settings: WIDE_SETTINGS })
        return String((await persist('/v1/api-keys', { scope: 'tenant', tenantId: id, name: 'tests' })).key)
      },
      persist,
      numbersMailedTo: (email) => smtp.mails.filter(({ to }) => to.includes(email)).map(numberIn),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The number in a mail: digits in groups at the beginning of a line. */
export function numberIn({ raw }: { readonly raw: string }): string {
  const [number] = /^\d{3,4}(?: \d{3,4})+/m.exec(raw) ?? []
  if (number === undefined) throw new Error(`There is no number in this mail: ${raw}`)
  return number.replaceAll(' ', '')
}

/** An address that no other call uses. */
export const freshAddress = (): string => `${randomBytes(8).toString('hex')}@example.com`

function portOf({ url }: TestService): number {
  return Number(new URL(url).port)
}
