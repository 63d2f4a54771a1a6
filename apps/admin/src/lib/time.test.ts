import { expect, test } from 'vitest'
import { endsSoon, formatAge, formatDateTime, formatSeconds, formatTimeLeft, isoTimeLeft } from './time.ts'

test.each([
  [-5000, 'now'],
  [0, 'now'],
  [999, 'now'],
  [1000, '1s ago'],
  [59_999, '59s ago'],
  [60_000, '1m ago'],
  [3_599_999, '59m ago'],
  [3_600_000, '1h ago'],
  [86_399_999, '23h ago'],
  [2 * 86_400_000, '2d ago'],
])('an age of %i ms reads %s', (ageMs, text) => {
  expect(formatAge('en', ageMs)).toBe(text)
})

test('a countdown stands out in its last minute', () => {
  expect([endsSoon(59_999), endsSoon(60_000)]).toEqual([true, false])
})

test('an age reads as the language says it', () => {
  expect(formatAge('es', 42_000)).toBe('hace 42 s')
  expect(formatAge('es', 0)).toBe('ahora')
})

test.each([
  [-1, '0:00'],
  [0, '0:00'],
  [1, '0:01'],
  [1000, '0:01'],
  [1001, '0:02'],
  [59_001, '1:00'],
  [600_000, '10:00'],
  [3_600_000, '1:00:00'],
  [86_400_000, '24:00:00'],
])('%i ms left read %s', (leftMs, text) => {
  expect(formatTimeLeft(leftMs)).toBe(text)
})

test('time left is also there for machines', () => {
  expect(isoTimeLeft(3_723_000)).toBe('PT1H2M3S')
})

test('a date is written by locale', () => {
  const noon = new Date(2026, 10, 20, 12, 3, 5).getTime()
  expect(formatDateTime('en-GB', noon)).toBe('20 Nov 2026, 12:03:05')
  expect(formatDateTime('es', noon)).toBe('20 nov 2026, 12:03:05')
})

test.each([
  [5, '5s'],
  [59, '59s'],
  [60, '1m'],
  [1800, '30m'],
  [3600, '1h'],
])('%i s are %s', (seconds, text) => {
  expect(formatSeconds('en', seconds)).toBe(text)
})
