import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'
import { areUsual, variableFaults } from './variable-faults.ts'

const schema = buildSchema(`
  input In { n: Int! }
  type Query { ask(input: In!): String  all(inputs: [In!]): String }
`)
const document = parse('query A ($input: In!) { ask(input: $input) } query B { all }')
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 0]))
const messages = (operation: string | undefined, variables?: Record<string, unknown>) =>
  variableFaults(schema, document, operation, variables)?.map(({ message }) => message)

test('three errors of usual variables are reported, one of huge ones, and then that there are more', () => {
  const more = expect.stringMatching(/^Too many errors/)
  const one = expect.stringMatching(/^Variable "\$input" got invalid value/)
  expect(messages('A', { input: keys(20) })).toEqual([one, one, one, more])
  expect(messages('A', { input: keys(5500) })).toEqual([one, more])
  expect(messages('A')).toEqual(['Variable "$input" of required type "In!" was not provided.'])
})

test('good variables, and operations without any or that are unknown, have none', () => {
  expect(messages('A', { input: { n: 1 } })).toBeUndefined()
  expect(messages('B', { input: 'not asked for' })).toBeUndefined()
  expect(messages('C')).toBeUndefined()
  expect(messages(undefined)).toBeUndefined()
})

test('usual variables have 100 parts at most, at all depths', () => {
  expect([areUsual(undefined), areUsual(keys(100)), areUsual(keys(101))]).toEqual([true, true, false])
  expect([areUsual({ a: { b: keys(98) } }), areUsual({ a: { b: keys(99) } })]).toEqual([true, false])
  const items = (count: number) => ({ list: Array.from({ length: count }, () => 'A') })
  expect([areUsual(items(99)), areUsual(items(100)), areUsual(items(30_000))]).toEqual([true, false, false])
  expect(areUsual(JSON.parse(`${'['.repeat(30_000)}${']'.repeat(30_000)}`))).toBe(false)
})
