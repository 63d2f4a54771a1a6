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

test('the pause is 100 ms, doubles with each attempt and is a second at most', () => {
  const pauses = [1, 2, 3, 4, 5, 6].map((attempt) => retryDelayMs(error('UNREACHABLE'), attempt, RETRY))
  expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000])
})

test('what the server asks for is kept, and a longer pause than allowed is none', () => {
  const asked = [0.5, 1, 1.001].map((seconds) =>
    retryDelayMs(error('SERVICE_UNAVAILABLE', seconds), 1, RETRY),
  )
  expect(asked).toEqual([500, 1000, undefined])
})
