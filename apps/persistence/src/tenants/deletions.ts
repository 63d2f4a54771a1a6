import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { keys } from '../store/keys.ts'

/** Tenants that are to be deleted, so that nobody reads all tenants to find them. */
export interface Deletions {
  /** Repeated, it changes nothing. */
  add(id: string): Promise<void>
  list(): Promise<string[]>
  drop(id: string): Promise<void>
  /** Drops a tenant that is not being deleted, unless its deletion may just be beginning. */
  dropActive(id: string): Promise<void>
}

/** Longer than it takes to begin a deletion. */
const BEGINNING_MS = 60_000

export function createDeletions(redis: RedisConnection, now: () => number): Deletions {
  return {
    async add(id) {
      await redis.zadd(keys.deleting, 'NX', now(), id)
    },
    list: () => redis.zrange(keys.deleting, '0', '-1'),
    async drop(id) {
      await redis.zrem(keys.deleting, id)
    },
    async dropActive(id) {
      const score = await redis.zscore(keys.deleting, id)
      if (score !== null && Number(score) < now() - BEGINNING_MS) await redis.zrem(keys.deleting, id)
    },
  }
}
