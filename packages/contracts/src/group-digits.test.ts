import { expect, test } from 'vitest'
import { groupDigits } from './group-digits.ts'

test.each([
  ['1234', '1234'],
  ['12345', '12345'],
  ['123456', '123 456'],
  ['1234567', '123 4567'],
  ['12345678', '1234 5678'],
  ['123456789', '123 456 789'],
  ['1234567890', '123 456 7890'],
  ['12345678901', '123 4567 8901'],
  ['123456789012', '1234 5678 9012'],
  ['1234567890123', '123 456 789 0123'],
  ['12345678901234567890123456789012', '1234 5678 9012 3456 7890 1234 5678 9012'],
])('%s reads %s', (number, grouped) => {
  expect(groupDigits(number)).toBe(grouped)
})

test('no digit is lost, whatever the length', () => {
  for (let length = 1; length <= 32; length++) {
    const number = '9876543210'.repeat(4).slice(0, length)
    expect(groupDigits(number).replaceAll(' ', '')).toBe(number)
  }
})
