import { randomBytes } from 'node:crypto'
import { DEFAULT_SETTINGS, type Tenant } from '@emailauth/contracts/tenants'
import { connectRedis, type RedisConnection } from '@emailauth/redis/connect'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { startRedis } from '@emailauth/testing/redis'
import { createRedisMock } from 'js-redis-server'
import { openStore, type Store } from '../src/store.ts'

/** A store over a server of its own, with a clock that tests turn. */
export interface TestStore {
  readonly store: Store
  readonly redis: RedisConnection
  readonly secret: Buffer
  /** Moves the clock by which limits and indexes count; Redis's own expiry goes on by itself. */
  readonly clock: { ms: number }
  /** A new tenant with room for many mails, so that tests of other rules do not meet the limits. */
  tenant(settings?: Partial<Tenant['settings']>): Tenant
  close(): Promise<void>
}

export type Server = 'redis-server' | 'embedded'

/** Opens a store on a real `redis-server`, or on the embedded one. */
export async function openTestStore(
  server: Server,
  options: { clock?: 'test' | 'redis' } = {},
): Promise<TestStore> {
  const { url, stop } = server === 'redis-server' ? await startRedis() : await startEmbedded()
  const redis = await connectRedis(url, { onError: () => {}, commandTimeoutMs: 5000 })
  const secret = randomBytes(32)
  const clock = { ms: Date.now() }
  const store = await openStore({
    redis,
    ring: createKeyRing([secret]),
    ...(options.clock === 'redis' ? {} : { now: () => clock.ms }),
  })
  let made = 0
  return {
    store,
    redis,
    secret,
    clock,
    tenant(settings = {}) {
      made += 1
      return {
        id: `tenant-${made}`,
        name: 'A tenant',
        createdAt: new Date().toISOString(),
        settings: { ...DEFAULT_SETTINGS, mailsPerAddress: [{ max: 1000, windowSeconds: 1 }], ...settings },
      }
    },
    async close() {
      redis.disconnect()
      await stop()
    },
  }
}

async function startEmbedded() {
  const mock = await createRedisMock()
  const address = mock.addresses()[0] as { host: string; port: number }
  return { url: `redis://${address.host}:${address.port}`, stop: () => mock.close() }
}
