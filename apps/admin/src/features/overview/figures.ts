import type { Counter, StatisticsQuery } from '../../generated/graphql.ts'

type Buckets = StatisticsQuery['statistics']['buckets']

/** How often something happened: in all, in the period before, and step by step. */
export interface Figure {
  readonly sum: number
  readonly before: number
  readonly steps: readonly number[]
}

/** The steps of the period, after as many of the period before. */
export function figureOf(buckets: Buckets, of: Counter, steps: number): Figure {
  const counts = buckets.map((bucket) => bucket.counts.find((count) => count.of === of)?.count ?? 0)
  const current = counts.slice(-steps)
  return { sum: sum(current), before: sum(counts.slice(0, -steps)), steps: current }
}

/** The change to before in percent, or undefined when there was nothing before. */
export function changeOf({ sum: now, before }: Pick<Figure, 'sum' | 'before'>): number | undefined {
  return before === 0 ? undefined : ((now - before) / before) * 100
}

/** A share in percent, or undefined of nothing. */
export function shareOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : (part / whole) * 100
}

/** How many verifications took how long, over all steps: a figure for each bound, and one for all above. */
export function waitsOf(buckets: Buckets, classes: number): number[] {
  return Array.from({ length: classes }, (_, at) => sum(buckets.map(({ waits }) => waits[at] ?? 0)))
}

/**
 * The time within which a share of the verifications came, in seconds, as far as the classes tell: within a class they are taken as spread evenly.
 * Beyond the last bound it is that bound. undefined: there was none.
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
