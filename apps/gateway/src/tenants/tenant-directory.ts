import type { Tenant } from '@emailauth/contracts/tenants'
import { LRUCache } from 'lru-cache'
import type { Persistence } from '../persistence/persistence-client.ts'

/** Tenants by id, remembered for a few seconds: every mail needs the name of its tenant. */
export interface TenantDirectory {
  /** undefined: there is no such tenant. */
  find(id: string): Promise<Tenant | undefined>
  /** Forgets a tenant that was just changed here; other gateways learn of it within {@link REMEMBERED_MS}. */
  forget(id: string): void
}

const REMEMBERED_MS = 5000
const MOST_TENANTS = 5000

/** Asks once however many calls want the same tenant; an unknown id is not remembered. */
export function createTenantDirectory(persistence: Pick<Persistence, 'tenant'>): TenantDirectory {
  const cache = new LRUCache<string, Tenant>({
    max: MOST_TENANTS,
    ttl: REMEMBERED_MS,
    fetchMethod: (id) => persistence.tenant(id),
  })
  return { find: async (id) => cache.get(id) ?? cache.fetch(id), forget: (id) => void cache.delete(id) }
}
