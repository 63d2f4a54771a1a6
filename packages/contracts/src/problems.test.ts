import { expect, test } from 'vitest'
import { PROBLEMS, problem, problemCodes, toProblem } from './problems.ts'

test.each(problemCodes)('%s is a valid problem with its own status and title', (code) => {
  const made = toProblem(code, 'Say what to do.', { field: 'email', limit: 'email', retryAfterSeconds: 3 })
  expect(problem.parse(made)).toEqual(made)
  expect(made).toMatchObject({ code, status: PROBLEMS[code].status, type: `urn:emailauth:problem:${code}` })
})

test('a version counts from 1', () => {
  const made = toProblem('stale-version', 'x', { currentVersion: 1 })
  expect(problem.parse(made)).toEqual(made)
  expect(problem.safeParse({ ...made, currentVersion: 0 }).success).toBe(false)
})

test('extras that were not given are absent, not undefined', () => {
  expect(Object.keys(toProblem('internal', 'x'))).toEqual(['type', 'title', 'status', 'code', 'detail'])
})
