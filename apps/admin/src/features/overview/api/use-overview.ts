import { LiveCountDocument, StatisticsDocument } from '../../../generated/graphql.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { useLastKnown } from '../../../lib/use-last-known.ts'
import { type Period, STEP_MS } from '../range.ts'

const POLL_MS = 10_000

/** Exact counts of a period and of the one before, from the services' counters. */
export function useOverview(period: Period | undefined, tenantId: string | undefined) {
  const tenant = tenantId === undefined ? {} : { tenantId }
  const { fromMs = 0, toMs = 0, steps = 0, step = 'HOUR' } = period ?? {}
  const statistics = useQuery(
    StatisticsDocument,
    {
      from: new Date(fromMs - steps * STEP_MS[step]).toISOString(),
      to: new Date(toMs).toISOString(),
      step,
      ...tenant,
    },
    { pollMs: POLL_MS, skip: period === undefined },
  )
  const live = useQuery(LiveCountDocument, tenantId === undefined ? {} : { filter: tenant }, {
    pollMs: POLL_MS,
  })
  // The period moves with every step. The query stays the same.
  const known = useLastKnown(JSON.stringify([tenantId, step, steps]), {
    data: statistics.data?.statistics,
    error: statistics.error,
    loading: statistics.loading,
  })
  return { ...known, liveCount: live.data?.identities.totalCount, retry: () => void statistics.refetch() }
}
