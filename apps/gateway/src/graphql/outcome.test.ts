import type { Problem } from '@emailauth/contracts/problems'
import { expect, test } from 'vitest'
import { memberOf } from './outcome.ts'

test('a limit that says no time is tried again after a second', () => {
  const problem = { code: 'rate-limited', detail: 'Too many.' } as Problem
  expect(memberOf(problem, 'RateLimited')).toMatchObject({ limit: 'email', retryAfterSeconds: 1 })
  expect(memberOf({ ...problem, retryAfterSeconds: 7 }, 'RateLimited').retryAfterSeconds).toBe(7)
})
