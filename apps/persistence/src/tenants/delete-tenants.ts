import type { RedisConnection } from '@emailauth/redis/connect'
import type { Logger } from '@emailauth/service/logger'
import { Cluster, type Redis } from 'ioredis'
import type { ApiKeyStore } from '../api-keys/api-key-store.ts'
import { tenantKeysPattern } from '../store/keys.ts'
import type { TenantStore } from './tenant-store.ts'

/** Deletes what belongs to tenants that are being deleted. */
export interface TenantDeletion {
  /** Deletes all there is at this moment; answers the ids of tenants that are gone now. */
  work(): Promise<string[]>
  stop(): void
}

export interface TenantDeletionOptions {
  readonly redis: RedisConnection
  readonly tenants: TenantStore
  readonly apiKeys: ApiKeyStore
  readonly logger: Logger
}

const EVERY_MS = 1000
/** One step of a walk over Redis's keys looks at about so many. */
const STEP = 1000

/**
 * Looks for tenants to delete every second. A scan of the keys may be repeated after a crash. A service that still
 * held the tenant for active, for a second at most, may write once more: so a tenant is gone only when a walk has found nothing, and at
 * least two rounds after the first.
 */
export function startTenantDeletion({
  redis,
  tenants,
  apiKeys,
  logger,
}: TenantDeletionOptions): TenantDeletion {
  const emptyRounds = new Map<string, number>()

  const work = async () => {
    const gone: string[] = []
    for (const { id, status } of await tenants.list()) {
      if (status !== 'deleting') continue
      await apiKeys.removeAll(id)
      const found = await removeKeys(redis, tenantKeysPattern(id))
      const empty = found === 0 ? (emptyRounds.get(id) ?? 0) + 1 : 0
      emptyRounds.set(id, empty)
      if (empty <= ROUNDS) continue
      await tenants.forget(id)
      emptyRounds.delete(id)
      gone.push(id)
      logger.info({ tenantId: id }, 'a tenant is deleted, and all of its data')
    }
    return gone
  }

  let running = false
  const timer = setInterval(async () => {
    if (running) return
    running = true
    try {
      await work()
    } catch (error) {
      logger.warn({ err: error }, 'deleting tenants failed; the next round begins anew')
    } finally {
      running = false
    }
  }, EVERY_MS)
  timer.unref()
  return { work, stop: () => clearInterval(timer) }
}

/** Rounds that must find nothing: longer than any service believes that a tenant is active. */
const ROUNDS = 2

/** Unlinks the keys of a pattern, a bounded step at a time; answers how many there were. */
async function removeKeys(redis: RedisConnection, pattern: string): Promise<number> {
  const nodes: Redis[] = redis instanceof Cluster ? redis.nodes('master') : [redis]
  let found = 0
  for (const node of nodes) {
    let cursor = '0'
    do {
      const [next, names] = await node.scanBuffer(cursor, 'MATCH', pattern, 'COUNT', STEP)
      cursor = String(next)
      // One by one: on a Cluster they lie in as many slots as the tenant has partitions.
      await Promise.all(names.map((name) => redis.unlink(name)))
      found += names.length
    } while (cursor !== '0')
  }
  return found
}
