import {
  type Tenant,
  type TenantCreateRequest,
  tenantSettings,
  tenant as tenantShape,
} from '@emailauth/contracts/tenants'
import type { RedisConnection } from '@emailauth/redis/connect'
import { LRUCache } from 'lru-cache'
import { riskFault } from '../numbers/policy.ts'
import { keys } from '../redis/keys.ts'

/** A change of settings holds everywhere after this long. */
const CACHE_MS = 1000

/** Tenants and their settings. */
export interface TenantStore {
  /** Makes a tenant; `exists` when the id is taken, `risk` when its settings would let numbers be guessed. */
  create(request: TenantCreateRequest): Promise<{ tenant: Tenant } | { exists: true } | { risk: string }>
  /** One tenant as it was at most a second ago, or undefined. */
  get(id: string): Promise<Tenant | undefined>
  /** All tenants by id. */
  list(): Promise<Tenant[]>
}

export function createTenantStore(redis: RedisConnection, now: () => number = Date.now): TenantStore {
  const cache = new LRUCache<string, Tenant>({ max: 10_000, ttl: CACHE_MS })

  const read = async (id: string) => {
    const stored = await redis.get(keys.tenant(id))
    return stored === null ? undefined : tenantShape.parse(JSON.parse(stored))
  }

  return {
    async create({ id, name, settings }) {
      const made: Tenant = {
        id,
        name,
        createdAt: new Date(now()).toISOString(),
        settings: tenantSettings.parse(settings ?? {}),
      }
      const risk = riskFault(made.settings)
      if (risk !== undefined) return { risk }
      // The list first: a name in it without a tenant is passed over, a tenant that no list names would be lost.
      await redis.sadd(keys.tenants, id)
      const written = await redis.set(keys.tenant(id), JSON.stringify(made), 'NX')
      return written === 'OK' ? { tenant: made } : { exists: true }
    },

    async get(id) {
      const cached = cache.get(id)
      if (cached !== undefined) return cached
      const found = await read(id)
      if (found !== undefined) cache.set(id, found)
      return found
    },

    async list() {
      const ids = await redis.smembers(keys.tenants)
      const tenants = await Promise.all(ids.sort().map(read))
      return tenants.filter((found) => found !== undefined)
    },
  }
}
