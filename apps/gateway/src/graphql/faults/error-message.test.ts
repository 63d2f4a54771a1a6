import { eventType } from '@emailauth/contracts/events'
import { buildSchema, execute, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { buildGatewaySchema } from '../../schema.ts'
import { withoutValues } from './error-message.ts'

const gatewaySchema = buildGatewaySchema()
const SECRET = 'planted-secret-1234567890'
const schema = buildSchema(`
  enum E { A B }
  input Inner { n: Int! }
  input I { email: String! token: String! count: Int id: ID e: E inner: Inner list: [Int!] flag: Boolean }
  type Query { f(i: I!): String }
`)
const valuesOf = (name: string) => (name === 'E' ? ['A', 'B'] : undefined)
const query = 'query ($i: I!) { f(i: $i) }'

const byVariable = (i: unknown) => {
  const result = execute({ schema, document: parse(query), variableValues: { i } })
  return 'errors' in result ? (result.errors ?? []).map(({ message }) => message) : []
}

test.each<[unknown, string, string | undefined]>([
  [
    { email: SECRET },
    'Variable "$i" is not valid: Field "token" of required type "String!" was not provided.',
    undefined,
  ],
  [
    { email: 1234567890, token: 't' },
    'Variable "$i" at "i.email" is not valid: String cannot represent a non string value.',
    'email',
  ],
  [
    { email: { [SECRET]: SECRET }, token: 't' },
    'Variable "$i" at "i.email" is not valid: String cannot represent a non string value.',
    'email',
  ],
  [
    { email: null, token: SECRET },
    'Variable "$i" at "i.email" is not valid: Expected non-nullable type "String!" not to be null.',
    'email',
  ],
  [
    { email: 'a', token: 't', count: SECRET },
    'Variable "$i" at "i.count" is not valid: Int cannot represent non-integer value.',
    'count',
  ],
  [
    { email: 'a', token: 't', count: 12345678900 },
    'Variable "$i" at "i.count" is not valid: Int cannot represent non 32-bit signed integer value.',
    'count',
  ],
  [
    { email: 'a', token: 't', id: [SECRET] },
    'Variable "$i" at "i.id" is not valid: An ID is a string or a whole number.',
    'id',
  ],
  [
    { email: 'a', token: 't', flag: SECRET },
    'Variable "$i" at "i.flag" is not valid: Boolean cannot represent a non boolean value.',
    'flag',
  ],
  [{ email: 'a', token: 't', e: SECRET }, 'Variable "$i" at "i.e" is not valid: It must be A or B (E).', 'e'],
  [
    { email: 'a', token: 't', inner: { n: SECRET } },
    'Variable "$i" at "i.inner.n" is not valid: Int cannot represent non-integer value.',
    'inner.n',
  ],
  [
    { email: 'a', token: 't', inner: SECRET },
    'Variable "$i" at "i.inner" is not valid: Expected type "Inner" to be an object.',
    'inner',
  ],
  [
    { email: 'a', token: 't', list: [1, SECRET] },
    'Variable "$i" at "i.list[1]" is not valid: Int cannot represent non-integer value.',
    'list[1]',
  ],
  [SECRET, 'Variable "$i" is not valid: Expected type "I" to be an object.', undefined],
  [
    { email: `${SECRET}" at "x.y"; Field`, token: 7 },
    'Variable "$i" at "i.token" is not valid: String cannot represent a non string value.',
    'token',
  ],
])('a wrong variable is named, its value is not: %j', (i, message, field) => {
  const [given] = byVariable(i)
  expect(withoutValues(given ?? '', valuesOf)).toEqual({ message, ...(field === undefined ? {} : { field }) })
})

test.each([
  `{ f(i: { email: "a", token: ${SECRET.replaceAll('-', '_')} }) }`,
  '{ f(i: { email: 1234567890, token: "t" }) }',
  `{ f(i: { email: "a", token: "t", e: "${SECRET}" }) }`,
  `{ f(i: { email: "a", token: "t", id: ["${SECRET}"] }) }`,
  `{ f(i: { email: "a", token: "t", inner: "${SECRET}" }) }`,
  `{ f(i: "${SECRET}") }`,
])('a wrong value in the document is not repeated: %s', (document) => {
  const messages = validate(schema, parse(document)).map(({ message }) => withoutValues(message).message)
  expect(messages.length).toBeGreaterThan(0)
  expect(messages.join()).not.toMatch(/planted|1234567890/)
})

test.each([`{ f "${SECRET}" }`, `{ f(i: "${SECRET} }`, `{ ${SECRET} }`])(
  'nor is what stands where the document breaks: %s',
  (document) => {
    try {
      parse(document)
      expect.unreachable()
    } catch (error) {
      expect(withoutValues((error as Error).message).message).toBe(
        'This is not a GraphQL document; see the location.',
      )
    }
  },
)

test('a document of too many tokens is not called broken', () => {
  const messageOf = () => {
    try {
      return void parse(`{ ${'id '.repeat(20)}}`, { maxTokens: 10 })
    } catch (error) {
      return withoutValues((error as Error).message).message
    }
  }
  expect(messageOf()).toBe('A document has at most 10 tokens.')
})

test('a message without a value stays as it is', () => {
  const message = 'Cannot query field "tokens" on type "Query". Did you mean "tenants"?'
  expect(withoutValues(message)).toEqual({ message })
})

test.each<[string, Record<string, unknown>, string]>([
  [
    'query ($s: MessageState!) { messages(state: $s) { nodes { reply } } }',
    { s: SECRET },
    'It must be QUEUED, DEFERRED, SENT, BOUNCED, REJECTED, EXPIRED or DROPPED (MessageState).',
  ],
  [
    'query ($t: [EventType!]) { events(types: $t) { nodes { at } } }',
    { t: ['SENT', `${SECRET}" does not exist in "Nothing" enum.`] },
    `It must be one of ${eventType.options.length} values such as REGISTERED,`,
  ],
  [
    'query ($d: DateTime!) { statistics(from: $d) { waitBoundsSeconds } }',
    { d: SECRET },
    'A DateTime is such as "2026-01-02T03:04:05Z".',
  ],
  [
    'query ($d: DateTime!) { statistics(from: $d) { waitBoundsSeconds } }',
    { d: { a: SECRET } },
    'A DateTime is such as "2026-01-02T03:04:05Z".',
  ],
])('the values and formats that are allowed are named: %s', (text, variableValues, words) => {
  const result = execute({ schema: gatewaySchema, document: parse(text), variableValues })
  const [error] = 'errors' in result ? (result.errors ?? []) : []
  const { message } = withoutValues(error?.message ?? '')
  expect(message).toContain(words)
  expect(message).not.toContain(SECRET)
})

// A pattern that read on from many places of such a message took 14 to 42 s for what a body may hold.
test.each([
  ['a', 'Int cannot represent non-integer value.'],
  ['a cannot represent ', 'Int cannot represent non-integer value.'],
  [' cannot represent a', 'Int cannot represent non-integer value.'],
])('a value of a million characters costs little: %j', (piece, reason) => {
  const value = piece.repeat(1_000_000 / piece.length)
  const [given = ''] = byVariable({ email: 'a', token: 't', count: value })
  expect(given.length).toBeGreaterThan(value.length)
  expect(withoutValues(given, valuesOf).message).toBe(`Variable "$i" at "i.count" is not valid: ${reason}`)
})

test.each([
  ['DateTime cannot represent ', 'a', 'A DateTime is such as "2026-01-02T03:04:05Z".'],
  ['found ', 'does not exist in "E" enum. Did you mean ', 'A value has the wrong type.'],
])('nor does one in a document: %j', (start, piece, message) => {
  const given = start + piece.repeat(1_000_000 / piece.length)
  expect(withoutValues(given, valuesOf).message).toBe(message)
})
