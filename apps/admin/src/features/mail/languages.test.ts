import { expect, test } from 'vitest'
import { mailLanguage } from './languages.ts'

test.each([
  ['es', 'es'],
  ['pt-BR', 'pt'],
  ['DE', 'de'],
  ['ja', 'en'],
  ['', 'en'],
  [undefined, 'en'],
])('a tenant whose language is %s writes mails in %s', (locale, language) => {
  expect(mailLanguage(locale)).toBe(language)
})
