import { expect, test } from 'vitest'
import { isWhole, readSearch } from './search-terms.ts'

test.each([
  ['', { kind: 'all' }],
  [' ada@example.com ', { kind: 'email', value: 'ada@example.com' }],
  ['ada@localhost', { kind: 'email', value: 'ada@localhost' }],
  ['@example.com', { kind: 'domain', value: 'example.com' }],
  ['bücher.example', { kind: 'domain', value: 'bücher.example' }],
  ['demo.QTkHxMlLvmBjQsjBV6_nU3F', { kind: 'id', value: 'demo.QTkHxMlLvmBjQsjBV6_nU3F' }],
  [
    '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
    { kind: 'request', value: '017F22E2-79B0-7CC3-98C4-DC0C0C07398F' },
  ],
  ['ada', { kind: 'incomplete' }],
  ['@', { kind: 'incomplete' }],
])('%j is read', (text, terms) => {
  expect(readSearch(text)).toEqual(terms)
})

test('the id of an identity begins with a tenant of at most 40 characters', () => {
  const idOf = (length: number) => `${'a'.repeat(length)}.QTkHxMlLvmBjQsjBV6_nU3F`
  expect(readSearch(idOf(40)).kind).toBe('id')
  expect(readSearch(idOf(41)).kind).toBe('domain')
})

test.each(['john.doe', 'example.com', 'ada@', '@example'])('%j waits for Enter', (text) => {
  expect(isWhole(text)).toBe(false)
})

test.each(['', 'ada@example.com', '@example.com'])('%j is searched for after a pause', (text) => {
  expect(isWhole(text)).toBe(true)
})
