import { expect, test } from 'vitest'
import { findNumber } from '../inbox/find-number.ts'
import { wholeNumber } from './option-values.ts'
import { readRate } from './rates.ts'

// The longest text that a pattern takes, its length written out. One character more is refused.

const digits = (length: number) => '1'.repeat(length)
const passes = (act: (value: string) => unknown) => (value: string) => {
  try {
    return act(value) !== undefined
  } catch {
    return false
  }
}

test.each<[string, (value: string) => boolean, number, (length: number) => string]>([
  ['a whole number', passes(wholeNumber(0, Number.MAX_VALUE)), 9, digits],
  ['the number of a rate', passes(readRate), 9, (n) => `${digits(n)}/10m`],
  ['the time of a rate', passes(readRate), 7, (n) => `5/${digits(n)}m`],
])('%s has its bound', (_what, takes, most, make) => {
  expect([takes(make(most)), takes(make(most + 1))]).toEqual([true, false])
})

test('a number in a mail has at most 32 digits', () => {
  expect(findNumber(digits(40))).toBe(digits(32))
})
