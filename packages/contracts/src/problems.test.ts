import { expect, test } from 'vitest'
import { PROBLEMS, problem, problemCodes, toProblem } from './problems.ts'

test.each(problemCodes)('%s is a valid problem with its own status and title', (code) => {
  const made = toProblem(code, 'Say what to do.', { field: 'email', limit: 'email', retryAfterSeconds: 3 })
  expect(problem.parse(made)).toEqual(made)
  expect(made).toMatchObject({ code, status: PROBLEMS[code].status, type: `urn:emailauth:problem:${code}` })
})

test('extras that were not given are absent, not undefined', () => {
  expect(Object.keys(toProblem('internal', 'x'))).toEqual(['type', 'title', 'status', 'code', 'detail'])
})
