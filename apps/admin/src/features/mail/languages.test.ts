import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LANGUAGES, languageName, mailLanguage } from './languages.ts'

test.each([
  ['es', 'es'],
  ['pt-BR', 'pt'],
  ['DE', 'de'],
  ['ja', 'ja'],
  ['zh-TW', 'zh-Hant'],
  ['zh', 'zh-Hans'],
  ['tlh', 'en'],
  ['', 'en'],
  [undefined, 'en'],
])('a tenant whose language is %s writes mails in %s', (locale, language) => {
  expect(mailLanguage(locale)).toBe(language)
})

test('the languages are those that the mailer writes, each by its own name', () => {
  const folder = new URL('../../../../mailer/src/templates/texts/', import.meta.url)
  const written = readdirSync(folder).map((file) => file.replace('.ts', ''))
  expect([...LANGUAGES].sort()).toEqual(written.sort())
  expect(['en', 'fr', 'zh-Hant'].map(languageName)).toEqual(['English', 'Français', '繁體中文'])
})
