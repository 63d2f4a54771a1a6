import type { Counter, StatisticsQuery } from '../../generated/graphql.ts'

type Buckets = StatisticsQuery['statistics']['buckets']

/** Counts of an event: in the period, in the one before, and by step. */
export interface Statistic {
  readonly sum: number
  readonly before: number
  readonly steps: readonly number[]
}

/** How often it happened in a bucket. */
export function countOf({ counts }: Pick<Buckets[number], 'counts'>, of: Counter): number {
  return counts.find((count) => count.of === of)?.count ?? 0
}

/** Builds it from the period's steps, which follow as many of the period before. */
export function statisticOf(buckets: Buckets, of: Counter, steps: number): Statistic {
  const counts = buckets.map((bucket) => countOf(bucket, of))
  const current = counts.slice(-steps)
  return { sum: sum(current), before: sum(counts.slice(0, -steps)), steps: current }
}

/** Change in percent. Undefined when there was nothing before. */
export function changeOf({ sum: now, before }: Pick<Statistic, 'sum' | 'before'>): number | undefined {
  return before === 0 ? undefined : ((now - before) / before) * 100
}

/** A share in percent. Undefined when the whole is 0. */
export function shareOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : (part / whole) * 100
}

/** Verifications or deliveries by the time they took: a count for each bound, and one above all. */
export function timesOf(buckets: Buckets, of: 'waits' | 'deliveries', bounds: readonly number[]): number[] {
  return Array.from({ length: bounds.length + 1 }, (_, at) =>
    sum(buckets.map((bucket) => bucket[of][at] ?? 0)),
  )
}

/**
 * Quantile of a time in seconds, interpolated within a class. Above the last bound it is that
 * bound. Undefined when nothing was counted.
 */
export function quantileOf(
  waits: readonly number[],
  bounds: readonly number[],
  share: number,
): number | undefined {
  const wanted = sum(waits) * share
  if (wanted === 0) return undefined
  let seen = 0
  for (const [at, count] of waits.entries()) {
    const [low, high] = [bounds[at - 1] ?? 0, bounds[at]]
    if (high === undefined) return low
    if (seen + count >= wanted) return low + ((high - low) * (wanted - seen)) / count
    seen += count
  }
  return undefined
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
