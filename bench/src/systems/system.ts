import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { NODE_FLAGS } from '@emailauth/service/lifecycle/node-flags'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { Redis } from 'ioredis'
import { REPOSITORY } from '../places.ts'
import { type Child, startChild } from './child.ts'
import type { Cleanup } from './cleanup.ts'
import { createPersistenceApi, type PersistenceApi } from './persistence-api.ts'

export type Service = 'gateway' | 'persistence' | 'mailer' | 'serve'

/** Redis and persistence: enough to keep identities. */
export interface Storage {
  readonly redis: TestRedis
  readonly commands: Redis
  readonly persistence: Child
  readonly persistencePort: number
  readonly api: PersistenceApi
  /** An API key of the tenant that is measured. */
  readonly apiKey: string
  /** Variables that all services share. */
  readonly env: Readonly<Record<string, string>>
}

/** The whole system, with what loads and measures it. */
export interface System extends Storage {
  /** `serve` is in the place of all three services. */
  readonly gateway: Child
  readonly gatewayPort: number
  readonly mailer: Child
  readonly sink: Child
  readonly yardstick: Child
  readonly yardstickPort: number
  readonly load: Child
  /** From the start of each service's process until it was ready, by its name. */
  readonly startMs: Readonly<Record<string, number>>
}

export interface SystemOptions {
  readonly appendOnly: boolean
  /** Where the built services lie, with a slash at the end; default: this checkout's `apps/`. */
  readonly services?: URL
  /** Runs the three services together (`serve`), in so many processes. Default: each in one of its own. */
  readonly serveProcesses?: number | undefined
  /** Arguments of `node` for each of the three services. */
  readonly nodeArguments?: (service: Service) => readonly string[]
}

const START_MS = 15_000
const OUR_SERVICES = new URL('apps/', REPOSITORY)

/** What all services are given, with keys of their own. */
export function sharedEnvironment(redisUrl: string, services = OUR_SERVICES) {
  // Builds before decision 50 have one cipher, and refuse a key for another.
  const knowsCiphers = existsSync(new URL('../packages/secrets/src/xchacha.ts', services))
  return {
    EMAILAUTH_REDIS_URL: redisUrl,
    EMAILAUTH_SECRET_KEYS: `${knowsCiphers ? 'xchacha20-poly1305:' : ''}${randomBytes(32).toString('base64')}`,
    EMAILAUTH_SERVICE_TOKEN: randomBytes(32).toString('hex'),
    EMAILAUTH_LOG_LEVEL: 'warn',
  }
}

export async function startStorage(cleanup: Cleanup, options: SystemOptions): Promise<Storage> {
  const store = await startStore(cleanup, options)
  const persistence = await startService(cleanup, 'persistence', store.env, options)
  return withApi(cleanup, store, persistence)
}

export async function startStore(
  cleanup: Cleanup,
  { appendOnly, services }: Pick<SystemOptions, 'appendOnly' | 'services'>,
) {
  const file = appendOnly ? ['--appendonly', 'yes', '--appendfsync', 'everysec'] : ['--appendonly', 'no']
  const redis = cleanup.keep(await startRedis(...file), (started) => started.stop())
  const commands = cleanup.keep(new Redis(redis.port, '127.0.0.1'), (open) => open.disconnect())
  return { redis, commands, env: sharedEnvironment(redis.url, services) }
}

async function withApi(
  cleanup: Cleanup,
  store: Awaited<ReturnType<typeof startStore>>,
  { child, port }: { readonly child: Child; readonly port: number },
): Promise<Storage> {
  const api = cleanup.keep(
    createPersistenceApi(`http://127.0.0.1:${port}`, store.env.EMAILAUTH_SERVICE_TOKEN),
    (open) => open.close(),
  )
  return { ...store, persistence: child, persistencePort: port, api, apiKey: await api.createTenant() }
}

export async function startSystem(cleanup: Cleanup, options: SystemOptions): Promise<System> {
  const store = await startStore(cleanup, options)
  const start = (script: string) => cleanup.keep(startChild(script), (child) => child.stop())
  const load = start('./load/load.js')
  const sink = start('./load/smtp-sink.js')
  const yardstick = start('./load/yardstick.js')
  const { port: yardstickPort } = await yardstick.ask<{ port: number }>({ redisPort: store.redis.port })
  const { port: smtpPort } = await sink.ask<{ port: number }>({})
  const env = mailerEnvironment(store.env, smtpPort)
  const services =
    options.serveProcesses === undefined
      ? await startEach(cleanup, store, env, options)
      : await startTogether(cleanup, store, env, options)
  return { ...services, load, sink, yardstick, yardstickPort }
}

/** The mailer alone, with a Redis and an SMTP server that gives this reply to each mail. */
export async function startMailer(cleanup: Cleanup, reply: string) {
  const { commands, env } = await startStore(cleanup, { appendOnly: false })
  const sink = cleanup.keep(startChild('./load/smtp-sink.js'), (child) => child.stop())
  const { port: smtpPort } = await sink.ask<{ port: number }>({ reply })
  const { port } = await startService(cleanup, 'mailer', mailerEnvironment(env, smtpPort))
  return { commands, url: `http://127.0.0.1:${port}`, serviceToken: env.EMAILAUTH_SERVICE_TOKEN }
}

const mailerEnvironment = (shared: Variables, smtpPort: number) => ({
  ...shared,
  EMAILAUTH_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
  EMAILAUTH_MAIL_FROM: 'emailauth <no-reply@localhost>',
})

type Services = Storage & Pick<System, 'gateway' | 'gatewayPort' | 'mailer' | 'startMs'>
type Store = Awaited<ReturnType<typeof startStore>>
type Variables = Readonly<Record<string, string>>

async function startEach(
  cleanup: Cleanup,
  store: Store,
  env: Variables,
  options: SystemOptions,
): Promise<Services> {
  const persistence = await startService(cleanup, 'persistence', store.env, options)
  const storage = await withApi(cleanup, store, persistence)
  const mailer = await startService(cleanup, 'mailer', env, options)
  const urls = {
    EMAILAUTH_PERSISTENCE_URL: `http://127.0.0.1:${persistence.port}`,
    EMAILAUTH_MAILER_URL: `http://127.0.0.1:${mailer.port}`,
  }
  const gateway = await startService(cleanup, 'gateway', { ...store.env, ...urls }, options)
  const startMs = { persistence: persistence.startMs, mailer: mailer.startMs, gateway: gateway.startMs }
  return { ...storage, mailer: mailer.child, gateway: gateway.child, gatewayPort: gateway.port, startMs }
}

async function startTogether(
  cleanup: Cleanup,
  store: Store,
  env: Variables,
  options: SystemOptions,
): Promise<Services> {
  const persistencePort = await freePort()
  const own = {
    EMAILAUTH_SERVE_REST: 'true',
    EMAILAUTH_PERSISTENCE_PORT: String(persistencePort),
    EMAILAUTH_MAILER_PORT: String(await freePort()),
    EMAILAUTH_PROCESSES: String(options.serveProcesses),
  }
  const { child, port, startMs } = await startService(cleanup, 'serve', { ...env, ...own }, options)
  const storage = await withApi(cleanup, store, { child, port: persistencePort })
  return { ...storage, mailer: child, gateway: child, gatewayPort: port, startMs: { serve: startMs } }
}

/** Starts a built service on a free port and waits until it is ready. */
export async function startService(
  cleanup: Cleanup,
  service: Service,
  env: Readonly<Record<string, string>>,
  { services = OUR_SERVICES, nodeArguments = () => [] }: Partial<SystemOptions> = {},
) {
  const port = await freePort()
  const beganAt = performance.now()
  const portVariable = `EMAILAUTH_${(service === 'serve' ? 'gateway' : service).toUpperCase()}_PORT`
  const child = cleanup.keep(
    startChild(new URL(`${service}/dist/main.js`, services), {
      env: { ...env, [portVariable]: String(port) },
      nodeArguments: [...NODE_FLAGS, ...nodeArguments(service)],
    }),
    (started) => started.stop(),
  )
  await eventually(async () => {
    if (child.hasEnded()) return
    const reply = await fetch(`http://127.0.0.1:${port}/readyz`)
    if (!reply.ok) throw new Error(await reply.text())
  }, START_MS).catch((cause) => {
    throw new Error(`The ${service} is not ready:\n${child.output()}`, { cause })
  })
  if (child.hasEnded()) {
    throw new Error(`The ${service} does not start; is it built (pnpm build)?\n${child.output()}`)
  }
  return { child, port, startMs: performance.now() - beganAt }
}
