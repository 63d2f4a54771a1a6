import { expect, test } from 'vitest'
import { beginningOf, RECENT_TIMES } from './recent-times.ts'

test('the usual times begin so long ago', () => {
  const now = Date.parse('2026-03-31T12:30:00Z')
  expect(RECENT_TIMES.map((time) => [time, beginningOf(time, now)])).toEqual([
    ['1h', '2026-03-31T11:30:00.000Z'],
    ['24h', '2026-03-30T12:30:00.000Z'],
    ['7d', '2026-03-24T12:30:00.000Z'],
    ['30d', '2026-03-01T12:30:00.000Z'],
  ])
  expect(beginningOf('', now)).toBeUndefined()
})
