import type { Counter, StatisticsQuery } from '../../generated/graphql.ts'
import { countOf, quantileOf, shareOf, timesOf } from './statistics.ts'

type Buckets = StatisticsQuery['statistics']['buckets']

/** Every way in which an identity ends. */
const ENDS: readonly Counter[] = ['VERIFIED', 'EXPIRED', 'REVOKED', 'REPLACED', 'REJECTED', 'BURNED']

/**
 * Live identities at the end of each bucket, reckoned back from those of now. Exact, because every
 * registration and every end is counted.
 */
export function liveTrend(buckets: Buckets, liveNow: number): number[] {
  const trend: number[] = []
  let live = liveNow
  for (const bucket of [...buckets].reverse()) {
    trend.unshift(Math.max(0, live))
    const ended = ENDS.reduce((sum, of) => sum + countOf(bucket, of), 0)
    live += ended - countOf(bucket, 'REGISTERED')
  }
  return trend
}

/** Verified of registered in percent, by bucket. Undefined where nobody registered. */
export function conversionTrend(buckets: Buckets): (number | undefined)[] {
  return buckets.map((bucket) => shareOf(countOf(bucket, 'VERIFIED'), countOf(bucket, 'REGISTERED')))
}

/** The median of a time in seconds, by bucket. Undefined where nothing was counted. */
export function medianTrend(
  buckets: Buckets,
  of: 'waits' | 'deliveries',
  bounds: readonly number[],
): (number | undefined)[] {
  return buckets.map((bucket) => quantileOf(timesOf([bucket], of, bounds), bounds, 0.5))
}
