import { expect, test } from 'vitest'
import { beforeExpiry, nextAttemptAtMs } from './backoff.ts'

const far = 1_000_000_000

test.each([
  [1, 2],
  [2, 4],
  [3, 8],
  [4, 15],
  [5, 30],
  [6, 30],
  [1000, 30],
])('after attempt %d comes a pause of %d s, a quarter more or less', (attempts, seconds) => {
  expect(nextAttemptAtMs(attempts, 0, far, 0)).toBe(seconds * 750)
  expect(nextAttemptAtMs(attempts, 0, far, 0.5)).toBe(seconds * 1000)
})

test('no attempt is planned for after the number is dead, and the last ones come ever sooner', () => {
  expect(nextAttemptAtMs(5, 0, 20_000, 0.5)).toBe(10_000)
  expect(nextAttemptAtMs(6, 10_000, 20_000, 0.5)).toBe(15_000)
  expect(nextAttemptAtMs(7, 15_000, 20_000, 0.5)).toBe(17_500)
  expect(nextAttemptAtMs(1, 19_000, 20_000, 0.5)).toBeUndefined()
  expect(nextAttemptAtMs(1, 30_000, 20_000, 0.5)).toBeUndefined()
})

test('a given pause may be short, and does not outlive the number', () => {
  expect(beforeExpiry(999, 10_000, 20_000)).toBe(10_999)
  expect(beforeExpiry(30_000, 10_000, 20_000)).toBe(15_000)
  expect(beforeExpiry(999, 18_500, 20_000)).toBeUndefined()
})
