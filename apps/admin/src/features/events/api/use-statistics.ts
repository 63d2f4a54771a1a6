import { useQuery } from '@apollo/client/react'
import { EventStatisticsDocument, type EventStatisticsQuery } from '../../../generated/graphql.ts'
import { useNow } from '../../../lib/clock.ts'
import { type LastKnown, useLastKnown } from '../../../lib/use-last-known.ts'
import { polled, useRefetchWhenVisible } from '../../../lib/use-polling.ts'
import type { View } from '../view.ts'

const POLL_MS = 10_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Steps of each range, and how long one is. */
const STEPS = {
  day: { step: 'HOUR', lengthMs: HOUR_MS, many: 24 },
  month: { step: 'DAY', lengthMs: DAY_MS, many: 30 },
} as const

/** How often things happened in the range, up to now. */
export function useStatistics({
  tenantId,
  range,
}: Pick<View, 'tenantId' | 'range'>): LastKnown<EventStatisticsQuery['statistics']> {
  const { step, lengthMs, many } = STEPS[range]
  const current = Math.floor(useNow() / lengthMs)
  const from = new Date((current - many + 1) * lengthMs).toISOString()
  const variables = { from, step, ...(tenantId !== undefined && { tenantId }) }
  const { data, error, loading, refetch } = useQuery(EventStatisticsDocument, {
    variables,
    ...polled(POLL_MS),
  })
  useRefetchWhenVisible(refetch)
  // The range moves on with every step; it is still the same question.
  return useLastKnown(JSON.stringify([tenantId, range]), { data: data?.statistics, error, loading })
}
