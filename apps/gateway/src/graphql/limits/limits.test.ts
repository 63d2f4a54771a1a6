import { expectWithin } from '@emailauth/testing/timing'
import { parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { buildGatewaySchema } from '../../schema.ts'
import { LIMITS, limitsRule } from './limits.ts'

const schema = buildGatewaySchema()
const complaints = (document: string) =>
  validate(schema, parse(document), [limitsRule]).map(({ message }) =>
    message.replace(/^An operation may /, ''),
  )

const nested = (depth: number) => `{ ${'a { '.repeat(depth - 1)} b ${'}'.repeat(depth - 1)} }`
const aliases = (count: number) =>
  Array.from({ length: count }, (_, n) => `a${n}: viewer { scope }`).join(' ')
const verify = 'verify(input: { number: "1" }) { __typename }'

test.each([
  [
    'an ordinary operation',
    '{ identities { nodes { id tenant { id } delivery { state } } } viewer { scope } }',
    [],
  ],
  ['the greatest depth', nested(LIMITS.depth), []],
  ['one deeper', nested(LIMITS.depth + 1), ['be 8 fields deep.']],
  ['depth 50', nested(50), ['be 8 fields deep.']],
  [
    'depth by fragments',
    '{ identities { ...A } } fragment A on X { a { b { c { ...B } } } } fragment B on X { d { e { f { g { h } } } } }',
    ['be 8 fields deep.'],
  ],
  ['as many aliases as may be', `{ ${aliases(LIMITS.aliases)} }`, []],
  ['100 aliases', `{ ${aliases(100)} }`, ['have 15 aliases.', 'have 20 fields at its root.']],
  [
    'aliases in a fragment that is spread twice',
    `{ ...A ... on Query { ...A } } fragment A on Query { ${aliases(8)} }`,
    ['have 15 aliases.'],
  ],
  ['21 fields at the root', `{ ${'viewer { scope } '.repeat(21)} }`, ['have 20 fields at its root.']],
  ['one verify', `mutation { ${verify} }`, []],
  [
    'two verifies by alias',
    `mutation { a: ${verify} b: ${verify} }`,
    ['have one of these fields, once: register, verify, resend, exchange, requestSignIn, signIn.'],
  ],
  [
    'two verifies by name',
    `mutation { ${verify} ${verify} }`,
    ['have one of these fields, once: register, verify, resend, exchange, requestSignIn, signIn.'],
  ],
  [
    'two verifies by fragment',
    `mutation { ${verify} ...F } fragment F on Mutation { other: ${verify} }`,
    ['have one of these fields, once: register, verify, resend, exchange, requestSignIn, signIn.'],
  ],
  [
    'two by inline fragment and directive',
    `mutation { ${verify} ... on Mutation @include(if: true) { r: resend(input: { identityId: "1" }) { __typename } } }`,
    ['have one of these fields, once: register, verify, resend, exchange, requestSignIn, signIn.'],
  ],
  [
    'one fragment spread twice',
    `mutation { ...F ... { ...F } } fragment F on Mutation { ${verify} }`,
    ['have one of these fields, once: register, verify, resend, exchange, requestSignIn, signIn.'],
  ],
  [
    'a second operation that is too large',
    `query A { viewer { scope } } mutation B { a: ${verify} b: ${verify} }`,
    ['have one of these fields, once: register, verify, resend, exchange, requestSignIn, signIn.'],
  ],
  [
    'what the tools ask for the schema',
    '{ __schema { types { fields { type { ofType { ofType { ofType { ofType { name } } } } } } } } }',
    [],
  ],
])('%s', (_name, document, expected) => {
  expect(complaints(document)).toEqual(expected)
})

test('fragments in a circle and spreads of nothing end', () => {
  expect(
    complaints('{ ...A } fragment A on Query { viewer { scope } ...B } fragment B on Query { ...A ...C }'),
  ).toEqual([])
})

test('a chain of fragments that doubles at every link is measured in linear time', () => {
  const links = 200
  const chain = Array.from(
    { length: links },
    (_, n) => `fragment F${n} on Query { x: viewer { scope } ...F${n + 1} ...F${n + 1} }`,
  )
  const document = `{ ...F0 } ${chain.join(' ')} fragment F${links} on Query { viewer { scope } }`
  const began = performance.now()
  expect(complaints(document)).toEqual(['have 15 aliases.', 'have 20 fields at its root.'])
  expectWithin(performance.now() - began, 500)
})
