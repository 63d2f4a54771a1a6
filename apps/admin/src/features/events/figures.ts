import type { Counter, EventStatisticsQuery } from '../../generated/graphql.ts'

type Statistics = EventStatisticsQuery['statistics']

/** What the page shows of all that is counted, in the order of a number's life. */
export const SHOWN = ['REGISTERED', 'SENT', 'VERIFIED', 'MISSED', 'EXPIRED'] as const satisfies Counter[]
export type Shown = (typeof SHOWN)[number]

/** One step of time, with how often each thing happened in it. */
export type Step = { readonly from: string } & Readonly<Record<Shown, number>>

export function toSteps({ buckets }: Statistics): Step[] {
  return buckets.map(({ from, counts }) => {
    const found = new Map(counts.map(({ of, count }) => [of, count]))
    const figures = Object.fromEntries(SHOWN.map((of) => [of, found.get(of) ?? 0]))
    return { from, ...(figures as Record<Shown, number>) }
  })
}

export function sumOf(steps: readonly Step[], of: Shown): number {
  return steps.reduce((sum, step) => sum + step[of], 0)
}

/** How many verifications took at most so long; the last class has no bound. */
export interface WaitClass {
  readonly boundSeconds: number | undefined
  readonly count: number
}

export function toWaitClasses({ waitBoundsSeconds, buckets }: Statistics): WaitClass[] {
  return [...waitBoundsSeconds, undefined].map((boundSeconds, at) => ({
    boundSeconds,
    count: buckets.reduce((sum, { waits }) => sum + (waits[at] ?? 0), 0),
  }))
}
