import { mailSettings } from '@emailauth/contracts/mail-settings'
import { expect, test } from 'vitest'
import { LONGEST, type OwnText, rebased, TEXT_FIELDS, textsOf, withTexts } from './own-texts.ts'

const own = (language: string, more: object) =>
  ({ language, subject: null, heading: null, intro: null, footer: null, ...more }) as OwnText
const TEXTS = [own('es', { subject: 'Hola' }), own('fr', { footer: 'Au revoir' })]
const NONE = { subject: '', heading: '', intro: '', footer: '' }

test('a form holds the texts of its language', () => {
  expect(textsOf(TEXTS, 'es')).toEqual({ ...NONE, subject: 'Hola' })
  expect(textsOf(TEXTS, 'de')).toEqual(NONE)
})

test('the other languages stay, and a language without texts goes', () => {
  expect(withTexts(TEXTS, 'es', { ...NONE, heading: ' Tu código ' })).toEqual([
    { language: 'fr', footer: 'Au revoir' },
    { language: 'es', heading: 'Tu código' },
  ])
  expect(withTexts(TEXTS, 'fr', NONE)).toEqual([{ language: 'es', subject: 'Hola' }])
})

test.each(TEXT_FIELDS)('the field for %s takes as many characters as the service', (field) => {
  const isTaken = (length: number) =>
    mailSettings.safeParse({ texts: [{ language: 'es', [field]: 'a'.repeat(length) }] }).success
  expect([isTaken(LONGEST[field]), isTaken(LONGEST[field] + 1)]).toEqual([true, false])
})

test('what somebody else has changed of a text stays, where nothing was typed', () => {
  const before = [own('en', { heading: 'Hello', footer: 'Shop' })]
  const drafts = { en: { ...textsOf(before, 'en'), heading: 'Mine' } }
  const now = rebased(drafts, before, [own('en', { heading: 'Theirs', footer: 'Their shop' })])
  expect(now.en).toMatchObject({ heading: 'Mine', footer: 'Their shop' })
})
