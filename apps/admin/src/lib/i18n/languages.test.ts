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
