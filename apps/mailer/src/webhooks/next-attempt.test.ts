import { expect, test } from 'vitest'
import { DEFAULT_WEBHOOK_LIMITS } from './limits.ts'
import { nextAttemptMs } from './next-attempt.ts'

const HOUR_MS = 3_600_000
const pause = (tries: number, waitedMs = 0, retryAfterMs = 0, random = 0.5) =>
  nextAttemptMs(DEFAULT_WEBHOOK_LIMITS, { tries, waitedMs }, { retryAfterMs }, () => random)

test('nine further attempts over sixteen hours, then it is given up', () => {
  const pauses = Array.from({ length: 10 }, (_, tries) => pause(tries))
  expect(pauses).toEqual([
    5000,
    30_000,
    120_000,
    600_000,
    1_800_000,
    ...[1, 2, 4, 8].map((h) => h * HOUR_MS),
    undefined,
  ])
})

test('pauses differ by up to a tenth, so that a receiver that is back is not called by all at once', () => {
  expect([pause(0, 0, 0, 0), pause(0, 0, 0, 1)]).toEqual([4500, 5500])
})

test('a receiver may ask for a longer pause, not for a shorter one', () => {
  expect([pause(0, 0, 60_000), pause(5, 0, 60_000)]).toEqual([60_000, HOUR_MS])
})

test('what has waited for a day is not tried again', () => {
  expect([pause(0, 24 * HOUR_MS - 1), pause(0, 24 * HOUR_MS)]).toEqual([5000, undefined])
})
