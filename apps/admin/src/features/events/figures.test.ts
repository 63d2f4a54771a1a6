import { expect, test } from 'vitest'
import { sumOf, toSteps, toWaitClasses } from './figures.ts'

const STATISTICS = {
  __typename: 'Statistics',
  waitBoundsSeconds: [5, 10],
  buckets: [
    { __typename: 'StatisticsBucket', from: '2026-01-01T00:00:00Z', counts: [], waits: [0, 0, 0] },
    {
      __typename: 'StatisticsBucket',
      from: '2026-01-01T01:00:00Z',
      counts: [
        { __typename: 'Count', of: 'REGISTERED', count: 3 },
        { __typename: 'Count', of: 'LIMITED', count: 9 },
      ],
      waits: [1, 0, 2],
    },
    {
      __typename: 'StatisticsBucket',
      from: '2026-01-01T02:00:00Z',
      counts: [{ __typename: 'Count', of: 'REGISTERED', count: 1 }],
      waits: [1, 0, 0],
    },
  ],
} as const

test('what did not happen is 0, and what is not shown is left out', () => {
  const steps = toSteps(STATISTICS as never)
  expect(steps[0]).toEqual({
    from: '2026-01-01T00:00:00Z',
    REGISTERED: 0,
    SENT: 0,
    VERIFIED: 0,
    MISSED: 0,
    EXPIRED: 0,
  })
  expect(sumOf(steps, 'REGISTERED')).toBe(4)
})

test('times are summed class by class, the last one without a bound', () => {
  expect(toWaitClasses(STATISTICS as never)).toEqual([
    { boundSeconds: 5, count: 2 },
    { boundSeconds: 10, count: 0 },
    { boundSeconds: undefined, count: 2 },
  ])
})
