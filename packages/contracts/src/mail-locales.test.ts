import { expect, test } from 'vitest'
import { LOCALE_MAX_LENGTH } from './common.ts'
import { mailLocales } from './mail-locales.ts'

test.each([
  [undefined, 'es', 'es'],
  [null, 'es', 'es'],
  ['', 'es', 'es'],
  ['de-AT', 'es', 'de-AT,es'],
  ['xx', 'pt-BR', 'xx,pt-BR'],
  ['x'.repeat(200), 'es', `${'x'.repeat(97)},es`],
  ['de', 'e'.repeat(LOCALE_MAX_LENGTH), 'e'.repeat(LOCALE_MAX_LENGTH)],
])('%j of a call, %j of its tenant', (asked, ofTenant, locales) => {
  expect(mailLocales(asked, ofTenant)).toBe(locales)
})
