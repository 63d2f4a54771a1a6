import type { Tenants } from '../calls/tenants.ts'
import type { Migration } from './migration.ts'

/** Tenants of one step. On a Cluster each has 64 partitions. */
const TENANTS = 5

/**
 * Lists the partitions in which something expires. Versions before the list visited all of them each second.
 * @param visit visits all partitions of tenants, and lists those with work
 */
export function listDuePartitions(
  tenants: Pick<Tenants, 'ids'>,
  visit: (tenantIds: readonly string[]) => Promise<void>,
): Migration {
  return {
    name: 'list-due-partitions',
    async step(from) {
      const ids = (await tenants.ids()).sort().filter((id) => id > from)
      await visit(ids.slice(0, TENANTS))
      return ids.length > TENANTS ? ids[TENANTS - 1] : undefined
    },
  }
}
