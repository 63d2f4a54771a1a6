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

test('5,000 callers are remembered; the one that was away longest has all of it again', () => {
  const buckets = createTokenBuckets({ saved: 1, perSecond: 1 }, () => 0)
  for (let n = 0; n < 5000; n++) expect(buckets.take(`caller ${n}`)).toBe(0)
  expect(buckets.take('caller 0')).toBe(1)
  expect(buckets.take('one more')).toBe(0)
  expect([buckets.take('caller 2'), buckets.take('caller 1')]).toEqual([1, 0])
})
