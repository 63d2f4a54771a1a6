import { expect, test } from 'vitest'
import { i18n } from './i18n.ts'
import { isolate } from './isolate.ts'

test('what is written from right to left stays together, and an address keeps its domain on the right', () => {
  expect(isolate('חנות "שלום"')).toBe('\u2068חנות "שלום"\u2069')
  expect(isolate('متجر 24')).toBe('\u2068متجر 24\u2069')
  expect(isolate('مستخدم@example.com')).toBe('\u2066مستخدم@example.com\u2069')
  for (const text of ['ada@example.com', 'Käse & Söhne', '店', '', 'a 🧀']) expect(isolate(text)).toBe(text)
})

test('each sentence isolates the names that are put into it, and escapes nothing, which React does', () => {
  i18n.addResource('en', 'translation', 'isolate.test', 'Delete {{name}}? 3 left')
  const translate = i18n.t as unknown as (key: string, values: object) => string
  expect(translate('isolate.test', { name: 'חנות' })).toBe('Delete \u2068חנות\u2069? 3 left')
  expect(translate('isolate.test', { name: '<b>A & B</b>' })).toBe('Delete <b>A & B</b>? 3 left')
  expect(translate('isolate.test', { name: 7 })).toBe('Delete 7? 3 left')
})
