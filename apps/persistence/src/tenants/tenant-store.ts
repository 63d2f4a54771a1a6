import type { TenantChange } from '@emailauth/contracts/tenant-updates'
import {
  ADMIN_TENANT,
  DEFAULT_SETTINGS,
  type Tenant,
  type TenantCreateRequest,
  type TenantSender,
} from '@emailauth/contracts/tenants'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { Tenants } from '../calls/tenants.ts'
import { createAtomically, OVERTAKEN } from '../store/atomically.ts'
import { keys } from '../store/keys.ts'
import { scripts } from '../store/scripts.ts'
import { type StaleVersion, staleAgainst } from '../store/stale-version.ts'
import { changeSettings, type SettingsRefusal, type SettingsRules } from './change-settings.ts'
import { createDeletions, type Deletions } from './deletions.ts'
import { readTenant } from './read-tenant.ts'
import { createTenantCache } from './tenant-cache.ts'
import { createTenantList, type TenantList } from './tenant-list.ts'
import { mailOf, readRecord, type TenantRecord, writeRecord } from './tenant-record.ts'

/** The tenant in which admins sign in cannot be changed. */
export interface BuiltInRefusal {
  readonly builtIn: true
}

/** Tenants and their settings. */
export interface TenantStore extends Tenants, TenantList {
  /** Creates a tenant. `exists`: the id is taken. */
  create(request: TenantCreateRequest): Promise<{ tenant: Tenant } | { exists: true } | SettingsRefusal>
  /**
   * Changes a tenant. Concurrent changes all take effect, except those that name a version which another one
   * has replaced. `unknown` also while the tenant is being deleted.
   */
  update(
    id: string,
    request: TenantChange,
  ): Promise<{ tenant: Tenant } | { unknown: true } | SettingsRefusal | BuiltInRefusal | StaleVersion>
  /** Deactivates a tenant at once. Its data is deleted in the background. May be repeated. */
  remove(id: string): Promise<{ tenant: Tenant } | { unknown: true } | BuiltInRefusal>
  /** As Redis has it now, where another process may have changed it within the last second. */
  stored(id: string): Promise<Tenant | undefined>
  /** Deletes its record, as the last step of a deletion. */
  forget(id: string): Promise<void>
  /** Tenants that are to be deleted, as long as their data is. */
  readonly deletions: Deletions
  /**
   * The settings of its mails, as they were at most a second ago. The SMTP URL in it is sealed.
   */
  sender(id: string): Promise<TenantSender | undefined>
}

export interface TenantStoreOptions extends SettingsRules {
  readonly redis: RedisConnection
  /** The time of Redis in Unix milliseconds. */
  readonly now: () => number
}

export function createTenantStore({ redis, now, ...rules }: TenantStoreOptions): TenantStore {
  const read = (id: string) => readTenant(redis, id)
  const cache = createTenantCache(read)
  const atomically = createAtomically()
  const deletions = createDeletions(redis, now)

  /** Reads, changes and writes atomically. When `to` answers no record, nothing is written. */
  const change = async <Refusal>(id: string, to: (before: TenantRecord) => TenantRecord | Refusal) => {
    return atomically(id, async () => {
      const stored = await redis.get(keys.tenant(id))
      if (stored === null) return { unknown: true } as const
      const outcome = to(readRecord(stored))
      if (!isRecord(outcome)) return outcome
      const swap = { before: stored, after: writeRecord(outcome) }
      if (!(await scripts.swap(redis, [keys.tenant(id)], swap))) return OVERTAKEN
      cache.forget(id)
      return { tenant: outcome.tenant }
    })
  }

  return {
    async create({ id, name, testMode = false, settings }) {
      const createdAt = new Date(now()).toISOString()
      const status = 'active'
      const blank: Tenant = { id, name, createdAt, status, testMode, settings: DEFAULT_SETTINGS }
      const made = changeSettings({ tenant: blank }, settings, rules)
      if (!isRecord(made)) return made
      made.tenant.settings.version = 1
      // Write the list first. An id without a tenant is ignored, but nobody would find a tenant that is not
      // listed.
      await redis.sadd(keys.tenants, id)
      const written = await redis.set(keys.tenant(id), writeRecord(made), 'NX')
      return written === 'OK' ? { tenant: made.tenant } : { exists: true }
    },

    update: (id, { name, settings, status, ifVersion }) =>
      change<{ unknown: true } | BuiltInRefusal | SettingsRefusal | StaleVersion>(id, (before) => {
        const { tenant } = before
        if (tenant.status === 'deleting') return { unknown: true }
        if (id === ADMIN_TENANT) return { builtIn: true }
        const stale = staleAgainst(tenant.settings.version, ifVersion)
        if (stale !== undefined) return stale
        const renamed = { ...tenant, name: name ?? tenant.name, status: status ?? tenant.status }
        const changed = changeSettings({ ...before, tenant: renamed }, settings, rules)
        // Mails contain the name, so a new one makes a new version too.
        if (isRecord(changed) && renamed.name !== tenant.name)
          changed.tenant.settings.version = tenant.settings.version + 1
        return changed
      }),

    deletions,

    async remove(id) {
      if (id === ADMIN_TENANT) return { builtIn: true }
      // List it first. An entry of an active tenant is dropped later, but nobody would find a deleted one.
      await deletions.add(id)
      return change<never>(id, (before) => ({ ...before, tenant: { ...before.tenant, status: 'deleting' } }))
    },

    async forget(id) {
      // Delete the record first, because an id in the list without a tenant is ignored.
      await redis.del(keys.tenant(id))
      await redis.srem(keys.tenants, id)
      await deletions.drop(id)
      cache.forget(id)
    },

    known: (id) => cache.known(id)?.tenant,

    get: async (id) => (await cache.find(id))?.tenant,

    stored: async (id) => (await read(id))?.tenant,

    async sender(id) {
      const found = await cache.find(id)
      if (found === undefined) return undefined
      const mail = mailOf(found)
      return { tenantName: found.tenant.name, ...(Object.keys(mail).length === 0 ? {} : { mail }) }
    },

    ...createTenantList(redis),
  }
}

function isRecord<Refusal>(outcome: TenantRecord | Refusal): outcome is TenantRecord {
  return typeof outcome === 'object' && outcome !== null && 'tenant' in outcome
}
