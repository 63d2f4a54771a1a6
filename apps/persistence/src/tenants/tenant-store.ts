import {
  ADMIN_TENANT,
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
import { scripts } from '../redis/scripts.ts'

/** A change of settings holds everywhere after this long. */
const CACHE_MS = 1000

/** Settings that would let numbers be guessed, told with the arithmetic. */
export interface RiskRefusal {
  readonly risk: string
}

/** The tenant in which admins sign in stays. */
export interface BuiltInRefusal {
  readonly builtIn: true
}

/** Tenants and their settings. */
export interface TenantStore {
  /** Makes a tenant; `exists` when the id is taken. */
  create(request: TenantCreateRequest): Promise<{ tenant: Tenant } | { exists: true } | RiskRefusal>
  /** Changes a tenant; of two changes at once none is lost. One that is being deleted is `unknown`. */
  update(
    id: string,
    request: TenantUpdateRequest,
  ): Promise<{ tenant: Tenant } | { unknown: true } | RiskRefusal | BuiltInRefusal>
  /** Ends a tenant: from now on it does nothing, and all of it is deleted off the request's way. Again is no fault. */
  remove(id: string): Promise<{ tenant: Tenant } | { unknown: true } | BuiltInRefusal>
  /** The last step of a deletion: its record. */
  forget(id: string): Promise<void>
  /** One tenant as it was at most a second ago, or undefined. */
  get(id: string): Promise<Tenant | undefined>
  /** All tenants by id. */
  list(): Promise<Tenant[]>
  /** The ids alone, among them perhaps one that is just being made or has just been deleted. */
  ids(): Promise<string[]>
}

/** So many times a change is tried anew when others change the same tenant. */
const MOST_TRIES = 20

export function createTenantStore(redis: RedisConnection, now: () => number = Date.now): TenantStore {
  const cache = new LRUCache<string, Tenant>({ max: 10_000, ttl: CACHE_MS })

  const read = async (id: string) => {
    const stored = await redis.get(keys.tenant(id))
    return stored === null ? undefined : readStored(stored)
  }

  /** Reads, changes and writes as one step; what `to` answers instead of a tenant is a refusal. */
  const change = async <Refusal>(id: string, to: (before: Tenant) => Changed | Refusal) => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const stored = await redis.get(keys.tenant(id))
      if (stored === null) return { unknown: true } as const
      const outcome = to(readStored(stored))
      if (!isChanged(outcome)) return outcome
      const written = await scripts.swap(redis, [keys.tenant(id)], [stored, JSON.stringify(outcome.tenant)])
      if (written === 0) continue
      cache.delete(id)
      return outcome
    }
    throw new Error('A tenant is being changed by too many at once.')
  }

  return {
    async create({ id, name, settings }) {
      const made: Tenant = {
        id,
        name,
        createdAt: new Date(now()).toISOString(),
        status: 'active',
        settings: merge(DEFAULT_SETTINGS, settings),
      }
      const risk = riskFault(made.settings)
      if (risk !== undefined) return { risk }
      // The list first: a name in it without a tenant is passed over, a tenant that no list names would be lost.
      await redis.sadd(keys.tenants, id)
      const written = await redis.set(keys.tenant(id), JSON.stringify(made), 'NX')
      return written === 'OK' ? { tenant: made } : { exists: true }
    },

    update: (id, { name, settings, status }) =>
      change<{ unknown: true } | BuiltInRefusal | RiskRefusal>(id, (before) => {
        if (before.status === 'deleting') return { unknown: true }
        if (id === ADMIN_TENANT && status === 'disabled') return { builtIn: true }
        const after = {
          ...before,
          name: name ?? before.name,
          status: status ?? before.status,
          settings: merge(before.settings, settings),
        }
        const risk = riskFault(after.settings)
        return risk === undefined ? { tenant: after } : { risk }
      }),

    remove: (id) =>
      change<BuiltInRefusal>(id, (before) =>
        id === ADMIN_TENANT ? { builtIn: true } : { tenant: { ...before, status: 'deleting' } },
      ),

    async forget(id) {
      // The record first: a name in the list without a tenant is passed over.
      await redis.del(keys.tenant(id))
      await redis.srem(keys.tenants, id)
      cache.delete(id)
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

    ids: () => redis.smembers(keys.tenants),
  }
}

interface Changed {
  readonly tenant: Tenant
}

function isChanged<Refusal>(outcome: Changed | Refusal): outcome is Changed {
  return typeof outcome === 'object' && outcome !== null && 'tenant' in outcome
}

/** A tenant that was stored before a setting existed has that setting's default. */
function readStored(stored: string): Tenant {
  const { settings, status = 'active', ...rest } = JSON.parse(stored) as Partial<Tenant>
  return tenantShape.parse({ ...rest, status, settings: { ...DEFAULT_SETTINGS, ...settings } })
}

function merge(settings: TenantSettings, patch: TenantUpdateRequest['settings']): TenantSettings {
  const given = Object.entries(patch ?? {}).filter(([, value]) => value !== undefined)
  return { ...settings, ...Object.fromEntries(given) }
}
