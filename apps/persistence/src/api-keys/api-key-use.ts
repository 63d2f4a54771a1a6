import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { LRUCache } from 'lru-cache'
import { keys } from '../store/keys.ts'

/** When API keys were last used, to the minute. One hash has a field for each key. */
export interface ApiKeyUse {
  /** Records a use in the background, at most once a minute for each key. */
  note(keyId: string): void
  /** The times in ms, in the order of the ids. undefined: the key was never used. */
  read(keyIds: readonly string[]): Promise<(number | undefined)[]>
  forget(keyIds: readonly string[]): Promise<void>
}

const EVERY_MS = 60_000

export function createApiKeyUse(redis: RedisConnection, now: () => number): ApiKeyUse {
  const noted = new LRUCache<string, true>({ max: 10_000, ttl: EVERY_MS, perf: { now }, ttlResolution: 0 })
  return {
    note(keyId) {
      if (noted.has(keyId)) return
      noted.set(keyId, true)
      // A failed write must not refuse the key. The next use writes again.
      redis.hset(keys.apiKeysUsed, keyId, now()).catch(() => noted.delete(keyId))
    },
    async read(keyIds) {
      if (keyIds.length === 0) return []
      const moments = await redis.hmget(keys.apiKeysUsed, ...keyIds)
      return moments.map((moment) => (moment === null ? undefined : Number(moment)))
    },
    async forget(keyIds) {
      if (keyIds.length > 0) await redis.hdel(keys.apiKeysUsed, ...keyIds)
    },
  }
}
