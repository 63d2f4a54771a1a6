import { expect, test } from 'vitest'
import { readTypedNumber } from './typed.ts'

test.each([
  ['123456789012', '123456789012'],
  [' 1234 5678-9012 ', '123456789012'],
  ['1234\u00a05678\u20139012\n', '123456789012'],
  ['１２３４５６７８９０１２', '123456789012'],
  ['0000 0000 0001', '000000000001'],
])('%j is read as %s', (typed, number) => {
  expect(readTypedNumber(typed)).toBe(number)
})

test.each(['', ' ', 'abc', '12a4', '123', '1'.repeat(33), '1.5e11', '+123456', '১২৩৪৫৬', '1234\u0000'])(
  '%j is no number',
  (typed) => {
    expect(readTypedNumber(typed)).toBeUndefined()
  },
)
