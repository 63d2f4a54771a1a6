import { expect, test } from 'vitest'
import { ago, timeLeft } from './relative-time.ts'

const now = Date.parse('2026-11-20T10:00:00.000Z')
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString()

test.each([
  [0, 'just now'],
  [4, 'just now'],
  [-30, 'just now'],
  [5, '5 s ago'],
  [59, '59 s ago'],
  [60, '1 min ago'],
  [3599, '59 min ago'],
  [3600, '1 h ago'],
  [86_400 * 3, '3 d ago'],
])('%i s before now: %s', (seconds, text) => {
  expect(ago(at(-seconds), now)).toBe(text)
})

test.each([
  [600, '10:00'],
  [492, '8:12'],
  [9, '0:09'],
  [0.2, '0:01'],
  [3723, '1:02:03'],
  [86_400, '24:00:00'],
  [0, 'expired'],
  [-5, 'expired'],
])('%d s from now: %s', (seconds, text) => {
  expect(timeLeft(at(seconds), now)).toBe(text)
})

test('what is no moment is a question mark', () => {
  expect([ago('soon', now), timeLeft('', now)]).toEqual(['?', '?'])
})
