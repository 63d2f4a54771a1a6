import type { Tenant } from '@emailauth/contracts/tenants'

/** The tenants of calls. Other features know the tenant store by this port alone. */
export interface Tenants {
  /** One tenant as it was at most a second ago. undefined: it is not in the cache. */
  known(id: string): Tenant | undefined
  /** One tenant as it was at most a second ago. undefined: there is none with this id. */
  get(id: string): Promise<Tenant | undefined>
  /** All tenants, sorted by id. */
  list(): Promise<Tenant[]>
  /** All ids. One of them may belong to a tenant that is just being created or was just deleted. */
  ids(): Promise<string[]>
}
