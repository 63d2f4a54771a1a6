import { expect, test } from 'vitest'
import { sentenceOf } from './problem.ts'
import { textsFor, withTime } from './texts.ts'

test('Spanish in every region, English for the rest, own texts before both', () => {
  for (const locale of ['es', 'es-MX', 'ES']) expect(textsFor(locale).label).toBe('Código del correo')
  for (const locale of [undefined, 'en-GB', 'fr', 'est'])
    expect(textsFor(locale).label).toBe('Code from the mail')
  expect(textsFor('es', { label: 'PIN' })).toMatchObject({
    label: 'PIN',
    resend: 'Enviar el código otra vez',
  })
})

test('both languages have every text, with the same places for times', () => {
  const [en, es] = [textsFor('en'), textsFor('es')]
  for (const name of Object.keys(en) as (keyof typeof en)[]) {
    expect(es[name], name).not.toBe(en[name])
    expect(es[name].includes('{time}'), name).toBe(en[name].includes('{time}'))
  }
})

test.each([
  [1, '1 s'],
  [59, '59 s'],
  [60, '1:00 min'],
  [605, '10:05 min'],
  [3599, '59:59 min'],
  [3600, '1:00 h'],
  [3601, '1:01 h'],
  [86_400, '24:00 h'],
])('%d seconds are written %s', (seconds, text) => {
  expect(withTime('{time}', seconds)).toBe(text)
})

test('a problem has its sentence, its own message wins, and an unknown one is a fault', () => {
  const texts = textsFor()
  expect(sentenceOf({ code: 'WRONG_CREDENTIALS' }, texts)).toBe(texts.wrong)
  expect(sentenceOf({ code: 'RATE_LIMITED', retryAfterSeconds: 90 }, texts)).toContain('1:30 min')
  expect(sentenceOf({ code: 'RATE_LIMITED' }, texts)).toContain('1:00 min')
  expect(sentenceOf({ code: 'IDENTITY_NOT_FOUND' }, texts)).toBe(texts.gone)
  expect(sentenceOf({ code: 'EMAIL_REJECTED' }, texts)).toBe(texts.rejected)
  expect(sentenceOf({ code: 'X', message: 'Mine.' }, texts)).toBe('Mine.')
  expect(sentenceOf({ code: 'X' }, texts)).toBe(texts.failed)
})
