import { expect, test } from 'vitest'
import { createTokenBuckets } from './token-buckets.ts'

test('what is saved is there at once, then so much a second; each caller has its own', () => {
  let nowMs = 0
  const buckets = createTokenBuckets({ saved: 10, perSecond: 2 }, () => nowMs)
  expect(buckets.take('a', 9)).toBe(0)
  expect(buckets.take('a', 6)).toBe(3)
  // Nothing was paid for what was refused.
  expect(buckets.take('a')).toBe(0)
  expect(buckets.take('a')).toBe(1)
  expect(buckets.take('b', 10)).toBe(0)
  nowMs += 499
  expect(buckets.take('a')).toBe(1)
  nowMs += 1
  expect(buckets.take('a')).toBe(0)
  nowMs += 3_600_000
  expect(buckets.take('a', 11)).toBe(1)
  expect(buckets.take('a', 10)).toBe(0)
})
