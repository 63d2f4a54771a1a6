import { expect, test } from 'vitest'
import { isWholeNumber } from './whole-number.ts'

test('eight digits that come at once are a number, seven are not', () => {
  expect(isWholeNumber('1234 5678', '')).toBe(true)
  expect(isWholeNumber('1234 567', '')).toBe(false)
  expect(isWholeNumber('١٢٣٤ ٥٦٧٨', '')).toBe(true)
  expect(isWholeNumber('Code: 1234 5678', '')).toBe(true)
})

test('what is typed or deleted key by key is not sent', () => {
  expect(isWholeNumber('12345678', '1234567')).toBe(false)
  expect(isWholeNumber('12345678', '123456789')).toBe(false)
})
