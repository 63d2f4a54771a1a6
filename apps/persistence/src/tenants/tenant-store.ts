import {
  DEFAULT_SETTINGS,
  type Tenant,
  type TenantCreateRequest,
  type TenantSettings,
  type TenantUpdateRequest,
  tenant as tenantShape,
} from '@emailauth/contracts/tenants'
import type { RedisConnection } from '@emailauth/redis/connect'
import { LRUCache } from 'lru-cache'
import { riskFault } from '../numbers/policy.ts'
import { keys } from '../redis/keys.ts'

/** A change of settings holds everywhere after this long. */
const CACHE_MS = 1000

/** Settings that would let numbers be guessed, told with the arithmetic. */
export interface RiskRefusal {
  readonly risk: string
}

/** Tenants and their settings. */
export interface TenantStore {
  /** Makes a tenant; `exists` when the id is taken. */
  create(request: TenantCreateRequest): Promise<{ tenant: Tenant } | { exists: true } | RiskRefusal>
  /** Changes a tenant's name and settings; of two changes at once the later one holds whole. */
  update(
    id: string,
    request: TenantUpdateRequest,
  ): Promise<{ tenant: Tenant } | { unknown: true } | RiskRefusal>
  /** One tenant as it was at most a second ago, or undefined. */
  get(id: string): Promise<Tenant | undefined>
  /** All tenants by id. */
  list(): Promise<Tenant[]>
}

export function createTenantStore(redis: RedisConnection, now: () => number = Date.now): TenantStore {
  const cache = new LRUCache<string, Tenant>({ max: 10_000, ttl: CACHE_MS })

  const read = async (id: string) => {
    const stored = await redis.get(keys.tenant(id))
    return stored === null ? undefined : readStored(stored)
  }

  return {
    async create({ id, name, settings }) {
      const made: Tenant = {
        id,
        name,
        createdAt: new Date(now()).toISOString(),
        settings: merge(DEFAULT_SETTINGS, settings),
      }
      const risk = riskFault(made.settings)
      if (risk !== undefined) return { risk }
      // The list first: a name in it without a tenant is passed over, a tenant that no list names would be lost.
      await redis.sadd(keys.tenants, id)
      const written = await redis.set(keys.tenant(id), JSON.stringify(made), 'NX')
      return written === 'OK' ? { tenant: made } : { exists: true }
    },

    async update(id, { name, settings }) {
      const before = await read(id)
      if (before === undefined) return { unknown: true }
      const after: Tenant = {
        ...before,
        name: name ?? before.name,
        settings: merge(before.settings, settings),
      }
      const risk = riskFault(after.settings)
      if (risk !== undefined) return { risk }
      if ((await redis.set(keys.tenant(id), JSON.stringify(after), 'XX')) !== 'OK') return { unknown: true }
      cache.delete(id)
      return { tenant: after }
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

/** A tenant that was stored before a setting existed has that setting's default. */
function readStored(stored: string): Tenant {
  const { settings, ...rest } = JSON.parse(stored) as Tenant
  return tenantShape.parse({ ...rest, settings: { ...DEFAULT_SETTINGS, ...settings } })
}

function merge(settings: TenantSettings, patch: TenantUpdateRequest['settings']): TenantSettings {
  const given = Object.entries(patch ?? {}).filter(([, value]) => value !== undefined)
  return { ...settings, ...Object.fromEntries(given) }
}
