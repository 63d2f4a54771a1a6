import { LRUCache } from 'lru-cache'
import type { TenantRecord } from './tenant-record.ts'

/** After this time a change of settings is in effect everywhere. */
const CACHE_MS = 1000
/** Records that are kept. The one used least recently makes room. */
export const MOST_TENANTS = 10_000

/** Records of tenants that were read within the last second. */
export interface TenantCache {
  /** From the cache alone. */
  known(id: string): TenantRecord | undefined
  /** From the cache, or read. undefined: there is none with this id. */
  find(id: string): Promise<TenantRecord | undefined>
  /** This process has changed the tenant: its next `find` reads. */
  forget(id: string): void
}

export function createTenantCache(read: (id: string) => Promise<TenantRecord | undefined>): TenantCache {
  const cache = new LRUCache<string, TenantRecord>({ max: MOST_TENANTS, ttl: CACHE_MS })
  /** Counts the changes here. What was read while there was one may be older than it. */
  let changes = 0

  return {
    known: (id) => cache.get(id),

    async find(id) {
      const cached = cache.get(id)
      if (cached !== undefined) return cached
      const before = changes
      const found = await read(id)
      if (found !== undefined && changes === before) cache.set(id, found)
      return found
    },

    forget(id) {
      changes += 1
      cache.delete(id)
    },
  }
}
