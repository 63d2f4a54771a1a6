import { expect, test } from 'vitest'
import { lifeFault } from './number-life.ts'

test.each([
  [false, 59, 'must be 60 to 86,400 seconds.'],
  [false, 60, undefined],
  [false, 86_400, undefined],
  [false, 86_401, 'must be 60 to 86,400 seconds.'],
  [true, 0, 'must be 1 to 86,400 seconds.'],
  [true, 1, undefined],
  [true, 86_401, 'must be 1 to 86,400 seconds.'],
])('with short lives %s a life of %i s: %s', (mayBeShort, seconds, fault) => {
  expect(lifeFault(mayBeShort, seconds)).toBe(fault)
})
