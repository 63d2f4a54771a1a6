import { expect, test } from 'vitest'
import { pickLanguage, regionalLocale } from './languages.ts'

test.each([
  ['es', ['en-GB'], 'es'],
  [undefined, ['es-MX', 'en'], 'es'],
  [undefined, ['de', 'ES-ar', 'en'], 'es'],
  [undefined, ['de'], 'en'],
  [undefined, [], 'en'],
  ['constructor', ['es'], 'es'],
] as const)('chosen %s, wanted %j: %s', (chosen, wanted, language) => {
  expect(pickLanguage(chosen, wanted)).toBe(language)
})

test('dates follow the region that the browser names', () => {
  expect(regionalLocale('es', ['en-GB', 'es-MX'])).toBe('es-MX')
  expect(regionalLocale('es', ['en-GB'])).toBe('es')
})

test.each([[undefined], [null], [['en-US@posix', undefined, 'x']], [['*', '']]])(
  '%j breaks nothing',
  (wanted) => {
    expect(pickLanguage(undefined, wanted)).toBe('en')
    expect(() => new Intl.NumberFormat(regionalLocale('en', wanted))).not.toThrow()
  },
)
