import { createInstance } from 'i18next'
import { expect, test } from 'vitest'
import { INTERPOLATION, isolate } from './isolate.ts'

test('what is written from right to left stays together, and an address keeps its domain on the right', () => {
  expect(isolate('חנות "שלום"')).toBe('\u2068חנות "שלום"\u2069')
  expect(isolate('متجر 24')).toBe('\u2068متجر 24\u2069')
  expect(isolate('مستخدم@example.com')).toBe('\u2066مستخدم@example.com\u2069')
  for (const text of ['ada@example.com', 'Käse & Söhne', '店', '', 'a 🧀']) expect(isolate(text)).toBe(text)
})

test('each text isolates the names that are put into it, and escapes nothing, which React does', async () => {
  const i18n = createInstance()
  await i18n.init({ lng: 'en', resources: {}, interpolation: INTERPOLATION })
  const textWith = (name: string | number) =>
    i18n.services.interpolator.interpolate('Delete {{name}}? 3 left', { name }, 'en', {})
  expect(textWith('חנות')).toBe('Delete \u2068חנות\u2069? 3 left')
  expect(textWith('<b>A & B</b>')).toBe('Delete <b>A & B</b>? 3 left')
  expect(textWith(7)).toBe('Delete 7? 3 left')
})
