import { directionOf, LANGUAGES } from '@emailauth/contracts/languages'
import { expect, test } from 'vitest'
import type { NumberFieldTexts } from './number-field-texts.ts'
import * as all from './texts.ts'

const { textsIn } = all
const NAMES = Object.keys(textsIn('en')) as readonly (keyof NumberFieldTexts)[]

test.each(LANGUAGES)('%s says everything, with the same places for times', (language) => {
  const texts = textsIn(language)
  expect(Object.keys(texts)).toEqual(NAMES)
  for (const name of NAMES) {
    expect(texts[name].split('{time}').length - 1, name).toBe(textsIn('en')[name].split('{time}').length - 1)
    expect(texts[name], name).toMatch(/^[^<>&\n\r]+$/)
  }
  const isRightToLeft = /\p{Script=Arabic}|\p{Script=Hebrew}/u.test(Object.values(texts).join(''))
  expect(isRightToLeft).toBe(directionOf(language) === 'rtl')
  // A time is written from left to right in every language.
  expect(texts.resendIn.includes('\u2068{time}\u2069')).toBe(isRightToLeft)
})

test.each(LANGUAGES)('%s is no other language by mistake, and can be imported alone', (language) => {
  const texts = textsIn(language)
  for (const other of LANGUAGES) {
    if (other === language) continue
    const same = NAMES.filter((name) => texts[name] === textsIn(other)[name])
    expect(same.length, `${other}: ${same.join(', ')}`).toBeLessThanOrEqual(1)
  }
  expect(Object.values(all)).toContain(texts)
})

test.each([
  ['es-MX', 'es'],
  ['en_US.UTF-8', 'en'],
  ['tlh,ja;q=0.3', 'ja'],
  ['zh-TW', 'zh-Hant'],
  ['tlh', 'en'],
  ['__proto__', 'en'],
  ['', 'en'],
  [null, 'en'],
  [undefined, 'en'],
])('%s is %s', (locale, language) => {
  expect(textsIn(locale)).toBe(textsIn(language))
})
