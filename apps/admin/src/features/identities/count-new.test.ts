import { expect, test } from 'vitest'
import { countNew } from './count-new.ts'

const at = (...times: string[]) => times.map((time) => ({ createdAt: `2026-11-20T${time}Z` }))
const newest = at('12:00:03.000', '12:00:02.5', '12:00:01', '11:59:59')

test.each([
  ['2026-11-20T12:00:03.000Z', 0],
  ['2026-11-20T12:00:02.500Z', 1],
  ['2026-11-20T12:00:00.000Z', 3],
  ['2026-11-20T11:00:00.000Z', 4],
  ['', 4],
])('since %s there are %i new', (since, count) => {
  expect(countNew(newest, since)).toBe(count)
})

test('an empty list has nothing new', () => {
  expect(countNew([], '')).toBe(0)
})

test('moments are compared, not texts: another offset is the same moment', () => {
  expect(countNew(at('12:00:00'), '2026-11-20T13:00:00+01:00')).toBe(0)
})
