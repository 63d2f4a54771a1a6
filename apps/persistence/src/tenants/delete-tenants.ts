import type { RedisConnection } from '@emailauth/redis/connect'
import { scanKeys } from '@emailauth/redis/scan-keys'
import type { Logger } from '@emailauth/service/logger'
import { createTroubleLog } from '@emailauth/service/trouble-log'
import { tenantKeysPattern } from '../store/keys.ts'
import type { TenantStore } from './tenant-store.ts'

/** Deletes the data of tenants that are being deleted. */
export interface TenantDeletion {
  /** Runs one round. Answers the ids of tenants that are now deleted. */
  work(): Promise<string[]>
  stop(): void
}

/** Data outside the tenant's partitions. */
interface OfTenant {
  removeAll(tenantId: string): Promise<void>
}

export interface TenantDeletionOptions {
  readonly redis: RedisConnection
  readonly tenants: TenantStore
  readonly apiKeys: OfTenant
  readonly webhooks: OfTenant
  readonly logger: Logger
}

const EVERY_MS = 1000
const WORDS = {
  trouble: 'data of deleted tenants cannot be deleted, which is tried each second: look at Redis',
  over: 'data of deleted tenants can be deleted again',
}

/**
 * Deletes tenants in rounds, one a second. Repeating a round after a crash does no harm. A service may still
 * have the tenant cached as active, for a second at most, and write once more. So a tenant is deleted only
 * after several rounds have found nothing.
 */
export function startTenantDeletion({
  redis,
  tenants,
  apiKeys,
  webhooks,
  logger,
}: TenantDeletionOptions): TenantDeletion {
  const emptyRounds = new Map<string, number>()

  const work = async () => {
    const gone: string[] = []
    for (const { id, status } of await tenants.list()) {
      if (status !== 'deleting') continue
      await apiKeys.removeAll(id)
      await webhooks.removeAll(id)
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

  const log = createTroubleLog(logger, WORDS)
  let running = false
  const timer = setInterval(async () => {
    if (running) return
    running = true
    try {
      await work()
      log.well()
    } catch (error) {
      log.fault({ err: error })
    } finally {
      running = false
    }
  }, EVERY_MS)
  timer.unref()
  return { work, stop: () => clearInterval(timer) }
}

/**
 * After more empty rounds than this a tenant is deleted. Together they take longer than a tenant is cached.
 */
const ROUNDS = 2

/** Unlinks the keys of a pattern, in bounded steps. Answers their number. */
async function removeKeys(redis: RedisConnection, pattern: string): Promise<number> {
  let found = 0
  for await (const keys of scanKeys(redis, pattern)) {
    // One UNLINK for each key, because on a Cluster they are in different slots.
    await Promise.all(keys.map((key) => redis.unlink(key)))
    found += keys.length
  }
  return found
}
