import { expect, test } from 'vitest'
import { languageOf } from './languages.ts'

test.each([
  ['es', 'es'],
  ['es-419', 'es'],
  ['ES-mx', 'es'],
  ['en_US', 'en'],
  ['en_US.UTF-8', 'en'],
  ['fr-FR@euro', 'fr'],
  ['de_CH.ISO-8859-1@collation', 'de'],
  ['zh', 'zh-Hans'],
  ['zh-CN', 'zh-Hans'],
  ['zh-Hant-TW', 'zh-Hant'],
  ['zh_TW.Big5', 'zh-Hant'],
  ['zh-HK', 'zh-Hant'],
  ['zh-Hans-HK', 'zh-Hans'],
  ['no', 'nb'],
  ['nn-NO', 'nb'],
  ['iw', 'he'],
  ['pt-BR', 'pt'],
  ['fr-CA fr en', 'fr'],
  ['tlh es', 'es'],
  ['tlh,de;q=0.8,en;q=0.5', 'de'],
  ['', 'en'],
  ['C', 'en'],
  ['POSIX', 'en'],
  ['constructor', 'en'],
  ['__proto__', 'en'],
  ['-', 'en'],
  ['\u0000\ud800', 'en'],
  ['x'.repeat(100_000), 'en'],
  [null, 'en'],
])('%j is %s', (locale, language) => {
  expect(languageOf(locale)).toBe(language)
})
