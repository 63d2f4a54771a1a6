import { directionOf, LANGUAGES } from '@emailauth/contracts/languages'
import { expect, test } from 'vitest'
import type { PageTexts } from './page-texts.ts'
import { filled, pageLanguage, textsIn } from './texts.ts'

const FIELDS = Object.keys(textsIn('en')) as readonly (keyof PageTexts)[]
const PLACES: Partial<Record<keyof PageTexts, string>> = {
  sent: '{email} {tenant}',
  resendIn: '{time}',
  back: '{tenant}',
  limited: '{time}',
}

test.each(LANGUAGES)('%s says everything, with what belongs in it', (language) => {
  const texts = textsIn(language)
  expect(Object.keys(texts)).toEqual(FIELDS)
  for (const field of FIELDS) {
    expect([...texts[field].matchAll(/\{\w+\}/g)].map(String).sort().join(' '), field).toBe(
      PLACES[field] ?? '',
    )
    expect(texts[field], field).toMatch(/^[^<>&\n\r]+$/)
  }
  const isRightToLeft = /\p{Script=Arabic}|\p{Script=Hebrew}/u.test(Object.values(texts).join(''))
  expect(isRightToLeft).toBe(directionOf(language) === 'rtl')
})

test.each(LANGUAGES)('%s is no other language by mistake', (language) => {
  const texts = textsIn(language)
  for (const other of LANGUAGES) {
    if (other === language) continue
    const same = FIELDS.filter((field) => texts[field] === textsIn(other)[field])
    // Related languages share short words: "Continuar", "返回 {tenant}".
    expect(same.length, `${other}: ${same.join(', ')}`).toBeLessThanOrEqual(2)
  }
})

test.each([
  ['es-MX,es;q=0.9,en;q=0.8', '', 'es'],
  ['en;q=0.5,fr', '', 'fr'],
  ['pt-BR', '', 'pt'],
  ['zh-TW,zh;q=0.9', '', 'zh-Hant'],
  ['no', '', 'nb'],
  ['tlh,ja;q=0.3', '', 'ja'],
  ['tlh', 'de-AT', 'de'],
  ['*', 'de', 'de'],
  [undefined, 'de', 'de'],
  [undefined, '', 'en'],
  ['fr;q=0,it', '', 'it'],
  ['x'.repeat(10_000), 'tlh', 'en'],
  ['__proto__, constructor', '', 'en'],
])('%s, with a tenant of %j, is %s', (header, ofTenant, language) => {
  const headers = header === undefined ? {} : { 'accept-language': header }
  expect(pageLanguage(headers, ofTenant)).toBe(language)
})

test('values keep their own direction', () => {
  expect(filled('{email}', { email: 'מ•••@example.com' })).toBe('\u2066מ•••@example.com\u2069')
  expect(filled('a {x} b {y}', { x: 'متجر' })).toBe('a \u2068متجر\u2069 b {y}')
})
