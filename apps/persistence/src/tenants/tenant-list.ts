import type { TenantList as Page, Tenant } from '@emailauth/contracts/tenants'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { inSlices } from '@emailauth/service/timing/in-slices'
import type { Tenants } from '../calls/tenants.ts'
import { keys } from '../store/keys.ts'
import { readTenant } from './read-tenant.ts'

/** All tenants, as Redis has them now. */
export interface TenantList extends Pick<Tenants, 'list' | 'ids'> {
  /** Some tenants by id, from behind `after`. Only these are read. */
  page(options: { readonly first: number; readonly after?: string | undefined }): Promise<Page>
}

/** Tenants that are read before other calls get a turn. */
const READ_AT_ONCE = 50

export function createTenantList(redis: RedisConnection): TenantList {
  /** Empty for an id without a tenant, so that a list of them can be flattened. */
  const read = async (id: string): Promise<Tenant[]> => {
    const record = await readTenant(redis, id)
    return record === undefined ? [] : [record.tenant]
  }

  return {
    async list() {
      const ids = await redis.smembers(keys.tenants)
      return (await inSlices(ids.sort(), READ_AT_ONCE, read)).flat()
    },

    async page({ first, after = '' }) {
      const ids = (await redis.smembers(keys.tenants)).filter((id) => id > after).sort()
      const found: Tenant[] = []
      // An id may have no tenant, so that a page may need more ids than it has tenants.
      for (let at = 0; at < ids.length && found.length <= first; at += READ_AT_ONCE)
        found.push(...(await Promise.all(ids.slice(at, at + READ_AT_ONCE).map(read))).flat())
      return { tenants: found.slice(0, first), hasNextPage: found.length > first }
    },

    ids: () => redis.smembers(keys.tenants),
  }
}
