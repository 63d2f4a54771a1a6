import { expect, test } from 'vitest'
import type { Counter } from '../../generated/graphql.ts'
import { conversionTrend, liveTrend, medianTrend } from './trends.ts'

const bucket = (counts: Partial<Record<Counter, number>>, waits: number[] = [0, 0, 0]) =>
  ({ counts: Object.entries(counts).map(([of, count]) => ({ of, count })), waits }) as never

test('live identities are reckoned back over registrations and all ends', () => {
  const buckets = [
    bucket({ REGISTERED: 9, SENT: 9 }),
    bucket({ REGISTERED: 1, VERIFIED: 1, EXPIRED: 1, REVOKED: 1, REPLACED: 1, REJECTED: 1, BURNED: 1 }),
    bucket({ REGISTERED: 3, MISSED: 4 }),
  ]
  expect(liveTrend(buckets, 10)).toEqual([12, 7, 10])
})

test('what was counted later than the live ones does not make them negative', () => {
  expect(liveTrend([bucket({}), bucket({ REGISTERED: 3 })], 1)).toEqual([0, 1])
})

test('a step without registrations has no conversion', () => {
  expect(conversionTrend([bucket({ REGISTERED: 4, VERIFIED: 1 }), bucket({})])).toEqual([25, undefined])
})

test('the median of each step', () => {
  expect(medianTrend([bucket({}, [0, 2, 0]), bucket({})], 'waits', [10, 20])).toEqual([15, undefined])
})
