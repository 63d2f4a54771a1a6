import type { Counter, DeliveryReason, MessageState, StatisticsQuery } from '../../generated/graphql.ts'

type Buckets = StatisticsQuery['statistics']['buckets']

/** The events that are delivery problems, each with the state of its messages. */
export const PROBLEM_EVENTS = ['DEFERRED', 'BOUNCED', 'REJECTED'] as const satisfies readonly (Counter &
  MessageState)[]
export type ProblemEvent = (typeof PROBLEM_EVENTS)[number]

/** How often a mail had a problem for a reason: in the period, and in the one before. */
export interface Problem {
  readonly event: ProblemEvent
  readonly reason: DeliveryReason
  readonly sum: number
  readonly before: number
}

/** The problems of a period, most frequent first. Its steps follow as many of the period before. */
export function problemsOf(buckets: Buckets, steps: number): Problem[] {
  const found = new Map<
    string,
    { event: ProblemEvent; reason: DeliveryReason; sum: number; before: number }
  >()
  const start = buckets.length - steps
  for (const [at, { problems }] of buckets.entries()) {
    for (const { event, reason, count } of problems) {
      const known = PROBLEM_EVENTS.find((one) => one === event)
      if (known === undefined) continue
      const problem = found.get(`${event} ${reason}`) ?? { event: known, reason, sum: 0, before: 0 }
      problem[at < start ? 'before' : 'sum'] += count
      found.set(`${event} ${reason}`, problem)
    }
  }
  return [...found.values()]
    .filter(({ sum }) => sum > 0)
    .sort((one, other) => other.sum - one.sum || one.reason.localeCompare(other.reason))
}
