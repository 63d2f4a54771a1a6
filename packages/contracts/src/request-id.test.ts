import { expect, test } from 'vitest'
import { isRequestId, timeOfRequest } from './request-id.ts'

// The example of RFC 9562, appendix A.6.
const EXAMPLE = '017F22E2-79B0-7CC3-98C4-DC0C0C07398F'

test('a request id names its moment', () => {
  expect(timeOfRequest(EXAMPLE)).toBe(Date.parse('2022-02-22T19:22:22Z'))
  expect(isRequestId(EXAMPLE.toLowerCase())).toBe(true)
})

test.each([
  '',
  'ada@example.com',
  EXAMPLE.replace('-7CC3', '-4CC3'),
  `${EXAMPLE}0`,
  EXAMPLE.replace('98C4', '18C4'),
])('%j is none', (text) => {
  expect(isRequestId(text)).toBe(false)
  expect(timeOfRequest(text)).toBeUndefined()
})
