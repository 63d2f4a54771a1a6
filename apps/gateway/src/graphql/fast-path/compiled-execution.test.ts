import { expectWithin } from '@emailauth/testing/timing'
import { buildSchema, execute, GraphQLError, getNamedType, isInputObjectType, parse } from 'graphql'
import { expect, test } from 'vitest'
import { buildGatewaySchema } from '../../schema.ts'
import { createExecute } from './compiled-execution.ts'

const schema = buildSchema(`
  interface Problem { message: String! }
  type Good { at: Int!  list: [String!]! }
  type Bad implements Problem { message: String! }
  union Result = Good | Bad
  input In { n: Int!  word: String  mode: Mode = SLOW }
  enum Mode { SLOW FAST }
  type Query { ask(input: In!): Result!  echo(input: In!, first: Int = 50): String!  fails: String!  maybe: String }
`)
const query = schema.getQueryType()?.getFields()
if (query?.ask !== undefined) {
  query.ask.resolve = (_root, { input }: { input: { n: number; word?: string } }) =>
    input.n > 0
      ? { __typename: 'Good', at: input.n, list: [String(input.word)] }
      : { __typename: 'Bad', message: 'n must be above 0' }
}
if (query?.echo !== undefined)
  query.echo.resolve = (_root, { input, first }) =>
    JSON.stringify([input.n, 'word' in input, input.word, input.mode, first])
if (query?.fails !== undefined) {
  query.fails.resolve = async () => {
    throw new Error('planted')
  }
}

test.each([
  [
    'query ($i: In!) { ask(input: $i) { __typename ... on Good { at list } ... on Problem { message } } }',
    { i: { n: 1 } },
  ],
  [
    'query ($i: In!) { ask(input: $i) { __typename ... on Good { at } ... on Problem { message } } }',
    { i: { n: 0 } },
  ],
  ['query ($i: In!) { ask(input: $i) { __typename } }', { i: { n: 'one' } }],
  ['query ($i: In!) { ask(input: $i) { __typename } }', { i: { n: 1, planted: 'secret' } }],
  ['query ($i: In!) { ask(input: $i) { __typename } }', {}],
  ['query ($w: String) { ask(input: { n: 2, word: $w }) { ... on Good { list } } }', {}],
  ['query ($w: String) { ask(input: { n: 2, word: $w }) { ... on Good { list } } }', { w: null }],
  ['query ($i: In!) { echo(input: $i) }', { i: { n: 1 } }],
  ['query ($i: In!) { echo(input: $i) }', { i: { n: 1, word: null, mode: 'FAST' } }],
  ['query ($i: In!, $f: Int) { echo(input: $i, first: $f) }', { i: { n: 1 } }],
  ['query ($i: In!, $f: Int = 3) { echo(input: $i, first: $f) }', { i: { n: 1 } }],
  ['query ($n: Int!) { echo(input: { n: $n }) }', { n: 1 }],
  ['query ($n: Int!) { __proto__: echo(input: { n: $n })  constructor: echo(input: { n: $n }) }', { n: 1 }],
  ['query ($__proto__: Int!) { echo(input: { n: $__proto__ }) }', JSON.parse('{"__proto__": 1}')],
  ['{ maybe fails }', {}],
  ['{ a: maybe b: __typename ...F } fragment F on Query { c: maybe }', {}],
  [
    'query ($s: Boolean!) { maybe @skip(if: $s) ...F @include(if: $s) } fragment F on Query { c: maybe }',
    { s: true },
  ],
  ['query A { maybe } query B { b: maybe }', {}],
] as [string, Record<string, unknown>][])(
  '%s with %j: compiled or not, the same result',
  async (text, variables) => {
    const document = parse(text)
    const run = createExecute(schema, document)
    const expected = JSON.parse(
      JSON.stringify(await execute({ schema, document, variableValues: variables })),
    )
    for (let times = 0; times < 5; times++) {
      const result = await run({}, variables)
      const { data, errors } = JSON.parse(JSON.stringify(result))
      expect(data).toEqual(expected.data)
      expect(errors).toEqual(expected.errors)
      expect(result.errors?.every((error) => error instanceof GraphQLError) ?? true).toBe(true)
    }
  },
)

test('of variables with thousands of wrong parts few are reported, and soon, however often they come', async () => {
  const run = createExecute(schema, parse('query ($i: In!) { ask(input: $i) { __typename } }'))
  const wrong = { i: Object.fromEntries(Array.from({ length: 5500 }, (_, at) => [`k${at}`, 0])) }
  for (let times = 0; times < 5; times++) {
    const began = performance.now()
    const { errors } = await run({}, wrong)
    expect(errors).toHaveLength(2)
    expectWithin(performance.now() - began, 100)
  }
})

test('no input type contains itself: compiling a variable of such a type would not end', () => {
  const reaches = (type: unknown, path: readonly unknown[]): boolean =>
    isInputObjectType(type) &&
    (path.includes(type) ||
      Object.values(type.getFields()).some((field) => reaches(getNamedType(field.type), [...path, type])))
  const types = Object.values(buildGatewaySchema().getTypeMap())
  expect(types.filter((type) => reaches(type, [])).map(({ name }) => name)).toEqual([])
})
