import { expect, test } from 'vitest'
import { jittered } from './jittered.ts'

test('a pause is anywhere between its bounds, and differs from one process to the next', () => {
  expect([0, 0.5, 1].map((part) => jittered(100, 200, () => part))).toEqual([100, 150, 200])
  expect(new Set(Array.from({ length: 20 }, () => jittered(100, 200))).size).toBeGreaterThan(1)
})
