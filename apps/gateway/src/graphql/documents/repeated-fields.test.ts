import { expect, test } from 'vitest'
import { LIMITS } from '../limits/limits.ts'
import { MOST_REPEATED, repetitionFault } from './repeated-fields.ts'

const FAULT = 'A document may repeat 200 fields, 40 of them with a selection, and spread 100 fragments.'
const many = (count: number, of: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => of(at)).join(' ')

test.each([
  ['fields without a selection', 200, (count: number) => `{ viewer { ${many(count + 1, () => 'scope')} } }`],
  ['fields with one', 40, (count: number) => `{ ${many(count + 1, () => 'viewer { scope }')} }`],
  ['fields under one alias', 40, (count: number) => `{ ${many(count + 1, (at) => `a: f${at} { b }`)} }`],
  [
    'fields of inline fragments',
    40,
    (count: number) => `{ ${many(count + 1, () => '... { viewer { scope } }')} }`,
  ],
  [
    'fields below repeated ones',
    40,
    (count: number) =>
      `{ a { ${many(count / 2, () => 'b { c }')} } a { ${many(count / 2, () => 'b { c }')} } }`,
  ],
  // The rule about depth refuses these too, after the comparison of all fields.
  [
    'fields deeper than a document may be',
    40,
    (count: number) =>
      `{ ${'a { '.repeat(2 * LIMITS.depth)}${many(count + 1, () => 'viewer { scope }')}${' }'.repeat(2 * LIMITS.depth)} }`,
  ],
  ['fragments', 100, (count: number) => `{ ${many(count, (at) => `...f${at}`)} }`],
])('%s: %i are taken, one more is not', (_what, most, documentOf) => {
  expect(MOST_REPEATED).toEqual({ fields: 200, withSelection: 40, spreads: 100 })
  expect(repetitionFault(documentOf(most))).toBeUndefined()
  // Two more, because some of these documents have pairs.
  expect(repetitionFault(documentOf(most + 2))).toBe(FAULT)
})

test('fields of a fragment count where it is spread, once in an object of the answer', () => {
  const fragment = `fragment f on Query { ${many(30, () => 'viewer { scope }')} }`
  expect(repetitionFault(`{ ...f ...f } ${fragment}`)).toBe(FAULT)
  expect(repetitionFault(`{ viewer { scope } } ${fragment}`)).toBeUndefined()
})

test('fields of different names, and documents that are none, are left to graphql-js', () => {
  expect(repetitionFault(`{ ${many(300, (at) => `f${at}`)} }`)).toBeUndefined()
  expect(repetitionFault('{ a')).toBeUndefined()
  expect(repetitionFault(many(2000, () => '{ a }'))).toBeUndefined()
})

test('fragments that go round in a circle, or multiply, come to an end', () => {
  expect(repetitionFault('{ ...f } fragment f on Query { a { ...f } }')).toBeUndefined()
  const deep = `fragment f on Query { a { ${many(42, () => 'viewer { scope }')} ...g } } fragment g on Query { ...f }`
  expect(repetitionFault(`{ ...g } ${deep}`)).toBe(FAULT)
  const doubling = many(
    30,
    (at) => `fragment f${at} on Query { a: x { ...f${at + 1} } b: x { ...f${at + 1} } }`,
  )
  expect(repetitionFault(`{ ...f0 } ${doubling}`)).toBe(FAULT)
})

test('a fragment that is spread in many objects has 5,000 fields in all of them together', () => {
  const fragment = `fragment f on T { ${many(300, (at) => `f${at}`)} }`
  const spread = (count: number) =>
    repetitionFault(`{ ${many(count, (at) => `a${at}: x { ...f }`)} } ${fragment}`)
  // Each object also has its own field and the spread, and the fragment is looked at by itself.
  expect(spread(15)).toBeUndefined()
  expect(spread(16)).toBe(FAULT)
})
