import { expect, test } from 'vitest'
import { tileFormats } from './tile-formats.ts'

test.each([
  [0, 10, '-100%'],
  [10, 10, '0%'],
  [99, 10, '+890%'],
  [100, 10, '×10'],
  [1_207_920, 1000, '×1,208'],
  [5, 0, ''],
  [5, undefined, ''],
  [undefined, 5, ''],
])('%s after %s is a change of "%s"', (value, before, said) => {
  expect(tileFormats('en').change(value, before)).toBe(said)
})
