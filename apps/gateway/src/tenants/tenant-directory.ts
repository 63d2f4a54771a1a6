import type { Tenant, TenantSender } from '@emailauth/contracts/tenants'
import { LRUCache } from 'lru-cache'
import type { Persistence } from '../services/persistence/persistence-client.ts'

/** Tenants by id, remembered for a few seconds. */
export interface TenantDirectory {
  /** As it may be shown; undefined: there is no such tenant. */
  find(id: string): Promise<Tenant | undefined>
  /** What every mail of it needs. It carries a secret: it goes to the mailer, and into no answer. */
  sender(id: string): Promise<TenantSender | undefined>
  /** Forgets a tenant that was just changed here; other gateways learn of it within {@link REMEMBERED_MS}. */
  forget(id: string): void
}

/** How long a tenant is remembered. A change at another gateway takes effect here after it. */
export const REMEMBERED_MS = 5000
/** Tenants that are remembered. The one used least recently makes room. */
export const MOST_TENANTS = 5000

/**
 * Asks once however many calls want the same tenant; an unknown id is not remembered.
 * @param clock for tests
 */
export function createTenantDirectory(
  persistence: Pick<Persistence, 'tenant' | 'tenantSender'>,
  clock: Clock = performance,
): TenantDirectory {
  const tenants = remembering((id) => persistence.tenant(id), clock)
  const senders = remembering((id) => persistence.tenantSender(id), clock)
  return {
    find: async (id) => tenants.get(id) ?? tenants.fetch(id),
    sender: async (id) => senders.get(id) ?? senders.fetch(id),
    forget(id) {
      tenants.delete(id)
      senders.delete(id)
    },
  }
}

interface Clock {
  now(): number
}

const remembering = <Value extends object>(read: (id: string) => Promise<Value | undefined>, clock: Clock) =>
  new LRUCache<string, Value>({
    ...{ max: MOST_TENANTS, ttl: REMEMBERED_MS, fetchMethod: read },
    ...{ perf: clock, ttlResolution: 0 },
    // Calls that wait for a tenant get it, even if it is forgotten or evicted meanwhile.
    ignoreFetchAbort: true,
  })
