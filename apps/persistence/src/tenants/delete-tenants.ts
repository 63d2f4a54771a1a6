import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { scanKeys } from '@emailauth/redis/scan-keys'
import type { Logger } from '@emailauth/service/logging/logger'
import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import { tenantKeysPattern } from '../store/keys.ts'
import type { TenantStore } from './tenant-store.ts'

/** Deletes the data of tenants that are being deleted. */
export interface TenantDeletion {
  /** Runs one round. Answers the ids of tenants that are now deleted, and how many are left. */
  work(): Promise<{ readonly gone: readonly string[]; readonly left: number }>
  /** Lists deletions that are not listed: an earlier version began them, or a failover lost the entry. */
  findUnlisted(): Promise<void>
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

const LOG_LINES = {
  trouble: 'data of deleted tenants cannot be deleted, which is tried each second: look at Redis',
  over: 'data of deleted tenants can be deleted again',
}
/**
 * After more empty rounds than this a tenant is deleted. Together they take longer than a tenant is cached.
 */
const ROUNDS = 2

/**
 * Deletes tenants in rounds, one a second. A round can be repeated after a crash. A service may still have
 * the tenant cached as active, for a second at most, and write once more. So a tenant is deleted only after
 * several rounds have found nothing.
 */
export function createTenantDeletion({
  redis,
  tenants,
  apiKeys,
  webhooks,
  logger,
}: TenantDeletionOptions): TenantDeletion {
  const emptyRounds = new Map<string, number>()

  /** True when it is deleted now. */
  const remove = async (id: string): Promise<boolean> => {
    await apiKeys.removeAll(id)
    await webhooks.removeAll(id)
    const found = await removeKeys(redis, tenantKeysPattern(id))
    const empty = found === 0 ? (emptyRounds.get(id) ?? 0) + 1 : 0
    emptyRounds.set(id, empty)
    if (empty <= ROUNDS) return false
    await tenants.forget(id)
    emptyRounds.delete(id)
    logger.info({ tenantId: id }, 'a tenant is deleted, and all of its data')
    return true
  }

  return {
    async work() {
      const gone: string[] = []
      const listed = await tenants.deletions.list()
      for (const id of listed) {
        const tenant = await tenants.get(id)
        if (tenant?.status !== 'deleting') await tenants.deletions.dropActive(id)
        else if (await remove(id)) gone.push(id)
      }
      return { gone, left: listed.length - gone.length }
    },

    async findUnlisted() {
      for (const { id, status } of await tenants.list()) {
        if (status === 'deleting') await tenants.deletions.add(id)
      }
    },
  }
}

/** The rounds of a service. */
export function deletionTasks(deletion: TenantDeletion): readonly ScheduledTask[] {
  return [
    {
      name: 'tenant-deletion',
      everyMs: 1000,
      run: async ({ rest }) => {
        const { left } = await deletion.work()
        if (left === 0) rest()
      },
      logLines: LOG_LINES,
    },
    {
      name: 'unlisted-deletions',
      everyMs: 3_600_000,
      startsAtOnce: true,
      run: () => deletion.findUnlisted(),
      logLines: { trouble: 'deletions that nobody listed were not looked for' },
    },
  ]
}

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
