import { expect, test } from 'vitest'
import { bounceOf, isFresh } from './hook.ts'

const MINUTE_MS = 60_000

test("a provider's call is fresh for 25 hours, and its clock may be 5 minutes ahead", () => {
  const nowMs = Date.parse('2026-01-10T00:00:00Z')
  expect(isFresh(nowMs - 25 * 60 * MINUTE_MS + 1, nowMs)).toBe(true)
  expect(isFresh(nowMs - 25 * 60 * MINUTE_MS, nowMs)).toBe(false)
  expect(isFresh(nowMs + 5 * MINUTE_MS - 1, nowMs)).toBe(true)
  expect(isFresh(nowMs + 5 * MINUTE_MS, nowMs)).toBe(false)
})

test('1,000 characters of a reason are kept', () => {
  expect(bounceOf('<id>', 'ada@example.com', true, 'x'.repeat(1001))?.reason).toHaveLength(1000)
})
