import type { Problem } from '@emailauth/contracts/problems'
import { expect, test } from 'vitest'
import { outcomeOf } from './outcome.ts'

test('a limit that says no time is tried again after a second', () => {
  const problem = { code: 'rate-limited', detail: 'Too many.' } as Problem
  expect(outcomeOf(problem, 'RateLimited')).toMatchObject({ limit: 'email', retryAfterSeconds: 1 })
  expect(outcomeOf({ ...problem, retryAfterSeconds: 7 }, 'RateLimited').retryAfterSeconds).toBe(7)
})
