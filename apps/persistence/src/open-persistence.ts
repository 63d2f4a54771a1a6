import { type ConnectOptions, connectRedis } from '@emailauth/redis/connection/connect'
import { retryStart } from '@emailauth/redis/connection/retry-start'
import { deriveMailerRing } from '@emailauth/secrets/mailer-ring'
import { webhookRulesOf } from '@emailauth/service/config/config'
import { knownNames } from '@emailauth/service/config/known-names'
import { startDraining } from '@emailauth/service/http/draining'
import type { ListenerOptions } from '@emailauth/service/http/listener'
import type { OpenService } from '@emailauth/service/lifecycle/run'
import type { Logger } from '@emailauth/service/logging/logger'
import { createRedisLog } from '@emailauth/service/logging/redis-log'
import { createScheduler } from '@emailauth/service/tasks/scheduler'
import { buildPersistence } from './app.ts'
import { actLine } from './audit/act-line.ts'
import { backgroundTasks } from './background-tasks.ts'
import type { PersistenceConfig } from './config.ts'
import { warnOfFindings } from './diagnostics/diagnose.ts'
import { openStore } from './open-store.ts'
import { BLOCK_MS } from './store/notifications.ts'
import { createBuiltInTenants } from './tenants/built-in.ts'
import { createTenantStore } from './tenants/tenant-store.ts'

/** How long to wait for replicas. Shorter than the connection's own command time-out. */
const REPLICA_TIMEOUT_MS = 300
/** Shorter than the gateway's time-out for a read. */
const READ_TIMEOUT_MS = 1500

export interface OpenPersistenceOptions {
  readonly config: PersistenceConfig
  readonly logger: Logger
  readonly listener: ListenerOptions
}

/** Connects to Redis, builds the service and starts its background tasks. It does not listen. */
export async function openPersistence({
  config,
  logger,
  listener,
}: OpenPersistenceOptions): Promise<OpenService> {
  const { redis, reads, waiting, store } = await retryStart(config.EMAILAUTH_REDIS_URL, () =>
    openStoreOf(config, logger),
  )
  const scheduler = createScheduler({ logger })
  const app = await buildPersistence({
    store,
    serviceToken: config.EMAILAUTH_SERVICE_TOKEN,
    scheduler,
    listener,
    logger,
  })
  for (const task of backgroundTasks(store, logger)) scheduler.add(task)
  // In the background, because it reads the whole audit log.
  void warnOfFindings(store, logger).catch((error: unknown) => logger.warn({ err: error }, 'no diagnosis'))
  return {
    app,
    logger,
    drainSeconds: config.EMAILAUTH_DRAIN_SECONDS,
    drain: () => startDraining(app),
    async close() {
      await app.close()
      await store.reservations.close()
      await scheduler.close()
      for (const connection of [redis, reads, waiting]) connection.disconnect()
    },
  }
}

/** Opens the store on connections of its own, and closes them if it cannot. */
async function openStoreOf(config: PersistenceConfig, logger: Logger) {
  const connect = async (purpose: string, options: Omit<ConnectOptions, 'onError'>) => {
    const log = createRedisLog(logger, purpose)
    const onError = (error: Error) => log.fault({ err: error })
    const { lookupWithin } = knownNames
    const connection = await connectRedis(config.EMAILAUTH_REDIS_URL, { ...options, onError, lookupWithin })
    connection.on('ready', log.well)
    return connection
  }
  const connecting = [
    // Lists and statistics have their own connection, so that register and verify do not wait behind their
    // replies.
    connect('for reads', { commandTimeoutMs: READ_TIMEOUT_MS }),
    // Safe, because every rule carries the deadline after which it must not write (store/deadline.ts).
    connect('for calls', { scriptsAtOnce: true }),
    // XREAD BLOCK holds up what comes after it on its connection.
    connect('for notifications', { commandTimeoutMs: BLOCK_MS + READ_TIMEOUT_MS, mayBlock: true }),
  ] as const
  try {
    const [reads, redis, waiting] = await Promise.all(connecting)
    const store = await openStore({
      redis,
      reads,
      waiting,
      ring: config.EMAILAUTH_SECRET_KEYS,
      onAct: (act) => logger.info(actLine(act), 'audit'),
      allowPrivateSmtp: config.EMAILAUTH_ALLOW_PRIVATE_SMTP,
      allowPlaintextSmtp: config.EMAILAUTH_ALLOW_PLAINTEXT_SMTP,
      webhookRules: webhookRulesOf(config, config.NODE_ENV),
      logger,
      allowShortLives: config.NODE_ENV !== 'production',
      replicas: { count: config.EMAILAUTH_REDIS_REPLICAS, timeoutMs: REPLICA_TIMEOUT_MS },
    })
    // Does not wait for replicas, so that the service starts without them and can report that they are
    // missing.
    await createBuiltInTenants(
      createTenantStore({
        redis,
        ring: deriveMailerRing(config.EMAILAUTH_SECRET_KEYS),
        allowPrivateSmtp: false,
        now: store.time,
      }),
    )
    return { redis, reads, waiting, store }
  } catch (error) {
    for (const one of await Promise.allSettled(connecting))
      if (one.status === 'fulfilled') one.value.disconnect()
    throw error
  }
}
