import { expect, test } from 'vitest'
import { EmailauthError, type EmailauthErrorCode } from './error.ts'
import { isRetryable, RETRY, retryDelayMs } from './retry.ts'

const error = (code: EmailauthErrorCode, retryAfterSeconds?: number) =>
  new EmailauthError(code, 'm', { retryAfterSeconds })

test('a lost reply and a service that is away are asked again, and nothing else', () => {
  const codes = ['UNREACHABLE', 'SERVICE_UNAVAILABLE'] as const
  for (const code of codes) expect(isRetryable(error(code))).toBe(true)
  const final = ['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT', 'INTERNAL_SERVER_ERROR'] as const
  for (const code of final) expect(isRetryable(error(code)), code).toBe(false)
  expect(isRetryable(Object.assign(new Error('of another'), { code: 'UNREACHABLE' }))).toBe(false)
})

/** The least, the middle and the longest pause. */
const pausesOf = (attempt: number, retryAfterSeconds?: number) =>
  [0, 0.5, 1].map((random) =>
    retryDelayMs(error('SERVICE_UNAVAILABLE', retryAfterSeconds), attempt, RETRY, () => random),
  )

test('the pause is 50 to 100 ms, doubles with each attempt and is a second at most', () => {
  expect([1, 2, 3, 4, 5, 6].map((attempt) => pausesOf(attempt))).toEqual([
    [50, 75, 100],
    [100, 150, 200],
    [200, 300, 400],
    [400, 600, 800],
    [500, 750, 1000],
    [500, 750, 1000],
  ])
})

test('what the server asks for is the least pause, and a longer one than allowed is none', () => {
  expect([0.5, 1, 1.001].map((seconds) => pausesOf(1, seconds))).toEqual([
    [500, 550, 600],
    [1000, 1050, 1100],
    [undefined, undefined, undefined],
  ])
})

test('clients that failed together do not come back together', () => {
  for (const retryAfterSeconds of [undefined, 1]) {
    const failed = error('SERVICE_UNAVAILABLE', retryAfterSeconds)
    const pauses = Array.from({ length: 100 }, () => retryDelayMs(failed, 1, RETRY))
    expect(new Set(pauses).size).toBeGreaterThan(50)
  }
})
