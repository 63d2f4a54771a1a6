import { expect, test } from 'vitest'
import { pauseMs } from './use-throttled-text.ts'

test('a text waits until the one before was read for ten seconds', () => {
  expect(pauseMs(Number.NEGATIVE_INFINITY, 0)).toBe(0)
  expect(pauseMs(5000, 5000)).toBe(10_000)
  expect(pauseMs(5000, 12_000)).toBe(3000)
  expect(pauseMs(5000, 60_000)).toBe(0)
})
