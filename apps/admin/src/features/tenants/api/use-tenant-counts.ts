import { TenantCountsDocument } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'

const HOUR_MS = 3_600_000

/** Live identities of a tenant, and the share of the last day's registrations that were verified. */
export function useTenantCounts(tenantId: string) {
  const from = new Date(Math.floor(clock.now() / HOUR_MS) * HOUR_MS - 23 * HOUR_MS).toISOString()
  const { data } = useQuery(TenantCountsDocument, { filter: { tenantId }, tenantId, from })
  const sum = (of: string) =>
    data?.statistics.buckets
      .flatMap(({ counts }) => counts)
      .reduce((total, entry) => total + (entry.of === of ? entry.count : 0), 0) ?? 0
  const registered = sum('REGISTERED')
  return {
    live: data?.identities.totalCount,
    conversion: data === undefined || registered === 0 ? undefined : sum('VERIFIED') / registered,
  }
}
