import { randomBytes } from 'node:crypto'
import { DEFAULT_SETTINGS, type Tenant } from '@emailauth/contracts/tenants'
import { connectRedis, type RedisConnection } from '@emailauth/redis/connection/connect'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { openStore, type Store } from '../src/open-store.ts'
import { BLOCK_MS } from '../src/store/notifications.ts'
import type { ReplicaPolicy } from '../src/store/replicas.ts'
import { type Server, startServer } from './servers.ts'

/** A store over its own server, with a clock that tests control. */
export interface TestStore {
  readonly store: Store
  readonly redis: RedisConnection
  readonly url: string
  readonly secret: Buffer
  /** Advances the clock of limits and indexes. It does not change the expiry in Redis. */
  readonly clock: { ms: number }
  /** A new tenant with high mail limits, so that tests of other rules do not reach them. */
  tenant(settings?: Partial<Tenant['settings']>): Tenant
  close(): Promise<void>
}

export interface TestStoreOptions {
  /** `redis`: the clock of Redis, as in production. `test` (the default): the clock that tests control. */
  readonly clock?: 'test' | 'redis'
  readonly replicas?: ReplicaPolicy
  readonly commandTimeoutMs?: number
  readonly allowPlaintextSmtp?: boolean
  readonly allowShortLives?: boolean
}

/** Starts a server and opens a store on it. */
export async function openTestStore(server: Server, options: TestStoreOptions = {}): Promise<TestStore> {
  const { url, ca, stop } = await startServer(server)
  try {
    const opened = await openStoreAt(url, { ...options, ...(ca === undefined ? {} : { ca }) })
    return {
      ...opened,
      async close() {
        await opened.close()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Opens a store on a running server. */
export async function openStoreAt(
  url: string,
  options: TestStoreOptions & { readonly ca?: string; readonly secret?: Buffer } = {},
): Promise<TestStore> {
  const ca = options.ca === undefined ? {} : { ca: options.ca }
  const redis = await connectRedis(url, {
    onError: () => {},
    commandTimeoutMs: options.commandTimeoutMs ?? 5000,
    scriptsAtOnce: true,
    ...ca,
  })
  const waiting = await connectRedis(url, { onError: () => {}, commandTimeoutMs: 2 * BLOCK_MS, ...ca })
  const secret = options.secret ?? randomBytes(32)
  const clock = { ms: Date.now() }
  const store = await openStore({
    allowPlaintextSmtp: options.allowPlaintextSmtp ?? false,
    allowShortLives: options.allowShortLives ?? false,
    redis,
    waiting,
    ring: createKeyRing([secret]),
    ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
    ...(options.clock === 'redis' ? {} : { now: () => clock.ms }),
  })
  let made = 0
  return {
    store,
    redis,
    url,
    secret,
    clock,
    tenant(settings = {}) {
      made += 1
      return {
        id: `tenant-${made}`,
        name: 'A tenant',
        createdAt: new Date().toISOString(),
        status: 'active',
        testMode: false,
        settings: { ...DEFAULT_SETTINGS, mailsPerAddress: [{ max: 1000, windowSeconds: 1 }], ...settings },
      }
    },
    async close() {
      redis.disconnect()
      waiting.disconnect()
    },
  }
}
