import { expect, test } from 'vitest'
import { problemsOf } from './problems.ts'

const bucket = (...problems: [event: string, reason: string, count: number][]) =>
  ({ problems: problems.map(([event, reason, count]) => ({ event, reason, count })) }) as never

test('problems are summed over the period and the one before, most frequent first', () => {
  const buckets = [
    bucket(['DEFERRED', 'BLOCKED', 4], ['BOUNCED', 'RECIPIENT', 9]),
    bucket(),
    bucket(['DEFERRED', 'BLOCKED', 1], ['REJECTED', 'RECIPIENT', 5]),
    bucket(['DEFERRED', 'BLOCKED', 2]),
  ]
  expect(problemsOf(buckets, 2)).toEqual([
    { event: 'REJECTED', reason: 'RECIPIENT', sum: 5, before: 0 },
    { event: 'DEFERRED', reason: 'BLOCKED', sum: 3, before: 4 },
  ])
})

test('what this page does not know as a problem is left out', () => {
  expect(problemsOf([bucket(['SENT', 'OTHER', 1])], 1)).toEqual([])
})
