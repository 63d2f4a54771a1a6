import { expect, test } from 'vitest'
import { findNumber } from './find-number.ts'

test.each([
  ['1844 2712 0724 is your number for Demo', '184427120724'],
  ['Your number: 1844-2712', '18442712'],
  ['Tu número es 184\u00a0427', '184427'],
  ['In 2026 you have 10 minutes: 184427120724.', '184427120724'],
  ['No number in 2026', null],
  ['', null],
])('%j → %s', (text, number) => {
  expect(findNumber(text)).toBe(number)
})
