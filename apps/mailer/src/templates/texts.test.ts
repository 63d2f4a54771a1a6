import { directionOf, LANGUAGES } from '@emailauth/contracts/languages'
import { expect, test } from 'vitest'
import type { MailTexts } from './mail-texts.ts'
import { textsIn } from './texts.ts'
import { validityIn } from './validity.ts'

const FIELDS = Object.keys(textsIn('en')) as readonly (keyof MailTexts)[]
const PLACEHOLDERS: Readonly<Record<keyof MailTexts, string>> = {
  subject: '{code} {tenant}',
  subjectWithoutCode: '{tenant}',
  heading: '{tenant}',
  intro: '{valid}',
  openPage: '',
  keepItSecret: '{tenant}',
  footer: '',
}
/** The words by which mail programs and phones find a code, by language. */
const CODE_WORD =
  /code|código|codice|kod|kód|koodi|codul|κωδικός|код|कोड|kode|mã xác minh|確認コード|인증 코드|验证码|驗證碼|رمز|קוד|کد/i

test('there are 20 languages and more, some of them written from right to left', () => {
  expect(LANGUAGES.length).toBeGreaterThanOrEqual(20)
  expect(LANGUAGES.filter((language) => directionOf(language) === 'rtl')).toEqual(['ar', 'he', 'fa'])
})

test.each(LANGUAGES)('%s says everything, with what belongs in it', (language) => {
  const texts = textsIn(language)
  expect(Object.keys(texts)).toEqual(FIELDS)
  for (const field of FIELDS) {
    const text = texts[field]
    expect(text.trim(), field).not.toBe('')
    expect([...text.matchAll(/\{\w+\}/g)].map(String).sort().join(' '), field).toBe(PLACEHOLDERS[field])
    expect(text, field).toMatch(/^[^<>&\n\r]*$/)
  }
  expect(texts.subject).toMatch(/^[\u200e\u200f]*\{code\}/)
  for (const field of ['subject', 'subjectWithoutCode', 'heading'] as const)
    expect(texts[field]).toMatch(CODE_WORD)
})

test.each(LANGUAGES.filter((language) => language !== 'en'))('%s is no English by mistake', (language) => {
  for (const field of FIELDS) {
    expect(textsIn(language)[field], field).not.toBe(textsIn('en')[field])
    for (const other of LANGUAGES) {
      if (other !== language)
        expect(textsIn(language)[field], `${field} of ${other}`).not.toBe(textsIn(other)[field])
    }
  }
  const letters = textsIn(language).intro.match(/\p{L}/gu)?.length ?? 0
  expect(letters).toBeGreaterThan(10)
})

test.each(LANGUAGES)('%s has a right-to-left mark exactly where its letters run so', (language) => {
  const texts = Object.values(textsIn(language)).join('')
  const isRightToLeft = /\p{Script=Arabic}|\p{Script=Hebrew}/u.test(texts)
  expect(isRightToLeft).toBe(directionOf(language) === 'rtl')
  // Marks keep the code's groups in order and the tenant's name together.
  expect(texts.includes('\u200f\u200e{code}')).toBe(isRightToLeft)
  expect(texts.replaceAll('\u2068{tenant}\u2069', '').includes('{tenant}')).toBe(!isRightToLeft)
})

test.each(LANGUAGES)('%s says how long a code is valid, in the digits of the code', (language) => {
  expect(validityIn(language, { amount: 10, unit: 'minute' })).toMatch(/10/)
  expect(validityIn(language, { amount: 10, unit: 'minute' }) === '10 minutes').toBe(
    ['en', 'fr'].includes(language),
  )
})
