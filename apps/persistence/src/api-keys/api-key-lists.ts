import type { ApiKey, ApiKeyList } from '@emailauth/contracts/api-keys'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { keys } from '../store/keys.ts'
import { newestPage } from '../store/newest-page.ts'
import { listOf } from './api-key-records.ts'
import type { ApiKeyUse } from './api-key-use.ts'

/** The list of keys that each tenant has, and that of the admin keys (`tenantId` null). */
export interface ApiKeyLists {
  /** The keys of a tenant, or the admin keys, newest first. */
  list(tenantId: string | null): Promise<ApiKey[]>
  /** Some of these keys, from behind `after`. Only these are read. */
  page(options: ApiKeyPageOptions): Promise<ApiKeyList>
  /** Deletes every key of a tenant, as the tenant itself is deleted. */
  removeAll(tenantId: string): Promise<void>
}

export interface ApiKeyPageOptions {
  readonly tenantId: string | null
  readonly first: number
  readonly after?: string | undefined
}

/** @param showAll the keys with these ids as callers may see them; undefined where there is none */
export function createApiKeyLists(
  redis: RedisConnection,
  use: Pick<ApiKeyUse, 'forget'>,
  showAll: (ids: readonly string[]) => Promise<(ApiKey | undefined)[]>,
): ApiKeyLists {
  return {
    async list(tenantId) {
      const ids = await redis.zrevrange(listOf(tenantId), 0, -1)
      return (await showAll(ids)).filter((apiKey) => apiKey !== undefined)
    },

    async page({ tenantId, first, after }) {
      const list = listOf(tenantId)
      const atMs = after === undefined ? undefined : await redis.zscore(list, after)
      if (atMs === null) return { apiKeys: [], hasNextPage: false }
      const { items, hasNextPage } = await newestPage(redis, {
        list,
        first,
        after: after === undefined ? undefined : { atMs: Number(atMs), id: after },
        read: showAll,
      })
      return { apiKeys: items, hasNextPage }
    },

    async removeAll(tenantId) {
      const ids = await redis.zrevrange(listOf(tenantId), 0, -1)
      await Promise.all(ids.map((id) => redis.del(keys.apiKey(id))))
      await Promise.all(ids.map((id) => redis.del(keys.apiKeysMadeWith(id))))
      await use.forget(ids)
      await redis.del(listOf(tenantId))
    },
  }
}
