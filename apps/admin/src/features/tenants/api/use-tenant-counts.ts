import { TenantCountsDocument } from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { periodOf } from '../../overview/range.ts'

/** Live identities of a tenant, and the share of the last day's registrations that were verified. */
export function useTenantCounts(tenantId: string) {
  const from = new Date(periodOf('24h', clock.now()).fromMs).toISOString()
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
