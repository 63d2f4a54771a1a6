import { expect, test } from 'vitest'
import { digitsFor } from './number-policy.ts'
import { DEFAULT_SETTINGS, tenantSettings } from './tenants.ts'
import {
  DRAWN_MAX_DIGITS,
  DRAWN_MIN_DIGITS,
  findTypedNumber,
  readTypedDigits,
  readTypedNumber,
} from './typed-number.ts'

test.each([
  ['123456789012', '123456789012'],
  [' 1234 5678-9012 ', '123456789012'],
  ['1234\u00a05678\u20139012\n', '123456789012'],
  ['１２３４５６７８９０１２', '123456789012'],
  ['١٢٣٤ ٥٦٧٨ ٩٠١٢', '123456789012'],
  ['۱۲۳۴۵۶۷۸۹۰۱۲', '123456789012'],
  ['१२३४ ५६७८ ९०१२', '123456789012'],
  ['১২৩৪৫৬', '123456'],
  ['\u{1d7d9}\u{1d7da}\u{1d7db}\u{1d7dc}', '1234'],
  ['1234\u22125678\u22129012', '123456789012'],
  ['1234.5678.9012', '123456789012'],
  ['1234·5678·9012.', '123456789012'],
  ['“1234 5678 9012”,', '123456789012'],
  ['1\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e3', '1234'],
  ['1\u03012\u03013\u03014\u0301', '1234'],
  ['\u202a1234\u200b5678\u202c\ufeff', '12345678'],
  ['+1234 = <5678> | 9012 \u0000', '123456789012'],
  ['0000 0000 0001', '000000000001'],
])('%j is read as %s', (typed, number) => {
  expect(readTypedNumber(typed)).toBe(number)
})

test.each(['', ' ', '-', 'abc', '12a4', '123', '1'.repeat(33), '1.5e11', '1234五', '①②③④', 'Ⅷ1234', '1234²'])(
  '%j is no number',
  (typed) => {
    expect(readTypedNumber(typed)).toBeUndefined()
  },
)

test('the digits of every script count by their value', () => {
  let scripts = 0
  for (const system of Intl.supportedValuesOf('numberingSystem')) {
    const format = new Intl.NumberFormat('en', { numberingSystem: system, useGrouping: false })
    const written = format.format(9_876_543_210)
    if (!/^\p{Nd}{10}$/u.test(written)) continue
    expect(readTypedNumber(written), system).toBe('9876543210')
    scripts += 1
  }
  expect(scripts).toBeGreaterThan(40)
})

test('whatever is neither letter, digit nor number is dropped, one character at a time', () => {
  for (let code = 0; code < 0x3000; code++) {
    const character = String.fromCodePoint(code)
    if (!/[\p{P}\p{S}\p{Z}\p{C}\p{M}]/u.test(character)) continue
    expect(readTypedNumber(`12${character}34`), code.toString(16)).toBe('1234')
  }
})

test.each([
  ['', ''],
  ['12', '12'],
  ['1234 5', '12345'],
  ['١٢', '12'],
  [' - ', ''],
  ['1'.repeat(40), '1'.repeat(40)],
  ['12a', undefined],
  ['五', undefined],
])('the digits of %j so far are %s', (typed, digits) => {
  expect(readTypedDigits(typed)).toBe(digits)
})

test.each([
  ['1234 5678', undefined, '12345678'],
  ['Your code is 1234 5678. It is valid for 10 minutes.', undefined, '12345678'],
  ['Tu código:\n\n  1844 2712 0724\n\nVálido 10 minutos', undefined, '184427120724'],
  ['١٢٣٤ ٥٦٧٨', undefined, '12345678'],
  ['2026-11-27\n1234 5678', 8, '12345678'],
  ['2026-11-27 1234 5678 is it', undefined, '12345678'],
  ['12\n345678', undefined, '12345678'],
  ['1234 5678 9012 is your Shop 2000 verification code', undefined, '123456789012'],
  ['Your Shop 2000 verification code', undefined, undefined],
  ['Your code for Studio1871: 1234 5678 9012', undefined, '123456789012'],
  ['Studio1871 1234 5678 9012', undefined, undefined],
  ['1234 5678 9012 © 2026 Acme', undefined, '123456789012'],
  ['1234 5678. 2026 Acme', undefined, '12345678'],
  ['1234 5678 10 min', undefined, '12345678'],
  ['1234 5678 9012 10min', undefined, '123456789012'],
  ['1234 5678 901 min', undefined, undefined],
  ['Code 1234\n5678 9012', undefined, undefined],
  ['Code 1234 5678\n10 min', undefined, '12345678'],
  ['123 456 is your code', undefined, '123456'],
  ['Your code: 1234 56789012', undefined, undefined],
  ['12345 is a postcode', undefined, undefined],
  ['1234 is your code', 4, '1234'],
  [`${'1234 '.repeat(6)}is your code`, undefined, '1234'.repeat(6)],
  [`${'1234 '.repeat(7)}is an IBAN`, undefined, undefined],
  ['Code: 1234 5678', 12, undefined],
  ['1234 5678', 12, '12345678'],
  ['1234 567O', undefined, undefined],
  ['1234 5678 9O12', undefined, undefined],
  ['1234 5678 9012 is your O2 code', undefined, '123456789012'],
  ['27/11/26 at 12:30\n1844 2712 0724', 12, '184427120724'],
  ['1234\n5678', 8, '12345678'],
  ['1234 5678 and 8765 4321', undefined, undefined],
  ['1234 5678, again: 12345678', undefined, '12345678'],
  ['no code here', undefined, undefined],
  ['', undefined, undefined],
  ['Code: 1234 5678', undefined, '12345678'],
  [' 1234-5678 ', undefined, '12345678'],
  ['Code:1234\u00a05678', undefined, '12345678'],
  ['Ihr Code: 1234\u20115678.', undefined, '12345678'],
  ['验证码１２３４５６７８', undefined, '12345678'],
  ['認証コード：1234 5678です', undefined, '12345678'],
  ['رمزك هو ١٢٣٤ ٥٦٧٨', undefined, '12345678'],
  ['कोड १२३४ ५६७८ है', undefined, '12345678'],
  ['12345678x', undefined, undefined],
  ['l2345678', undefined, undefined],
  ['1234567O', undefined, undefined],
  ['12O45678', undefined, undefined],
])('in %j the number of %s digits is %s', (text, digits, number) => {
  expect(findTypedNumber(text, digits)).toBe(number)
})

test('in a text numbers are looked for that can be drawn: from the shortest of BOUND to the longest', () => {
  const { boundDigits, missBudgetPerHour, acceptedRisk } = tenantSettings.shape
  expect(boundDigits.minValue).toBe(DRAWN_MIN_DIGITS)
  const riskiest = {
    ...DEFAULT_SETTINGS,
    missBudgetPerHour: missBudgetPerHour.maxValue ?? 0,
    acceptedRisk: acceptedRisk.minValue ?? 0,
  }
  expect(digitsFor(riskiest, 1_000_000_000)).toBe(DRAWN_MAX_DIGITS)
})
