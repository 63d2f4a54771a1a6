import { expect, test } from 'vitest'
import { readPrefer } from './prefer.ts'

test.each([
  [undefined, 5000, undefined],
  ['', 5000, undefined],
  ['wait=2', 2000, 'wait=2'],
  ['WAIT = "3"', 3000, 'wait=3'],
  ['respond-async', 0, 'respond-async'],
  ['respond-async, wait=1', 1000, 'wait=1'],
  ['handling=lenient; x=1, wait=4', 4000, 'wait=4'],
  [['return=minimal', 'wait=0'], 0, 'wait=0'],
  ['wait=99999', 15_000, 'wait=15'],
  ['wait=-1', 5000, undefined],
  ['wait=1e3', 5000, undefined],
  ['wait=99999999999999999999', 5000, undefined],
])('Prefer: %j waits %d ms', (header, waitMs, applied) => {
  expect(readPrefer(header)).toEqual({ waitMs, applied })
})
