import { readFile } from 'node:fs/promises'
import { expectWithin } from '@emailauth/testing/timing'
import { parse, specifiedRules, validate } from 'graphql'
import { expect, test } from 'vitest'
import { buildGatewaySchema } from '../../schema.ts'
import { costRule, MAX_COST } from './cost.ts'
import { limitsRule } from './limits.ts'

const schema = buildGatewaySchema()
const isRefused = (document: string) => validate(schema, parse(document), [costRule]).length > 0
const page = (first: string) => `identities${first} { nodes { id tenant { id } delivery { state } } }`

const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ')
const MINUTES = 'statistics(from: "2026-11-20T10:00:00Z", step: MINUTE) { waitBoundsSeconds }'

test.each([
  ['a page of the default length', `{ ${page('')} }`],
  ['the longest page', `{ ${page('(first: 200)')} }`],
  ['a page whose length is a variable', `query ($n: Int!) { ${page('(first: $n)')} }`],
  ['three long pages', `{ ${['a', 'b', 'c'].map((name) => `${name}: ${page('(first: 200)')}`).join(' ')} }`],
  ['lists that are not paged', '{ tenants { id settings { mailsPerAddress { max } } } apiKeys { id } }'],
  ['scalars alone', `{ ${'identities(first: 200) { totalCount } '.repeat(15)} }`],
  ['the schema', '{ __schema { types { fields { args { type { name } } } } } }'],
  ['nothing', '{ __typename }'],
  [
    'three filters by delivery',
    `{ ${aliases(3, 'identities(filter: { delivery: FAILED }, first: 50) { nodes { id } }')} }`,
  ],
  [
    'a filter by address',
    `{ ${aliases(9, 'identities(filter: { email: "a@example.com" }) { nodes { id } }')} }`,
  ],
  ['no filter, by name', `{ ${aliases(9, 'identities(filter: { delivery: null }) { nodes { id } }')} }`],
  ['statistics for a dashboard', `{ ${aliases(2, MINUTES)} }`],
  ['a first that is no number', '{ identities(first: "x") { totalCount } }'],
])('%s may be asked for', (_name, document) => {
  expect(isRefused(document)).toBe(false)
})

const four = ['a', 'b', 'c', 'd']
test.each([
  ['four long pages', `{ ${four.map((name) => `${name}: ${page('(first: 200)')}`).join(' ')} }`],
  [
    'pages of variable length',
    `query ($n: Int!) { ${four.map((n) => `${n}: ${page('(first: $n)')}`).join(' ')} }`,
  ],
  ['a page of millions', `{ ${page('(first: 2000000)')} }`],
  ['a number beyond numbers', `{ ${page(`(first: ${'9'.repeat(400)})`)} }`],
  [
    'pages by fragments',
    `{ ${four.map((n) => `${n}: identities(first: 200) { ...P }`).join(' ')} } fragment P on IdentityConnection { nodes { ...I } } fragment I on Identity { tenant { id } delivery { state } }`,
  ],
  [
    'pages by inline fragments',
    `{ ${four.map((n) => `... on Query { ${n}: ${page('(first: 200)')} }`).join(' ')} }`,
  ],
  [
    '16 aliases of a filter by delivery',
    `{ ${aliases(16, 'identities(filter: { delivery: FAILED }, first: 1) { totalCount }')} }`,
  ],
  ['four of them', `{ ${aliases(4, 'identities(filter: { delivery: FAILED }, first: 1) { totalCount }')} }`],
  [
    'filters that a variable may hold',
    `query ($f: IdentityFilter) { ${aliases(4, 'identities(filter: $f) { totalCount }')} }`,
  ],
  [
    'a delivery that a variable may hold',
    `query ($d: DeliveryState) { ${aliases(4, 'identities(filter: { delivery: $d }) { totalCount }')} }`,
  ],
  [
    'rare types of events',
    `{ ${aliases(4, 'events(types: [BURNED], first: 1) { pageInfo { endCursor } }')} }`,
  ],
  ['statistics by the minute', `{ ${aliases(5, MINUTES)} }`],
  ['counts of mails', `{ ${aliases(4, 'messageCounts(tenantId: "demo") { count }')} }`],
  ['the second operation', `query A { __typename } query B { ${page(`(first: ${MAX_COST})`)} }`],
])('%s may not', (_name, document) => {
  expect(isRefused(document)).toBe(true)
})

test('what is no valid document either way is left to the other rules, in linear time', () => {
  const links = 200
  const chain = Array.from(
    { length: links },
    (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} identities(first: ${n}) { ...C } }`,
  )
  const began = performance.now()
  isRefused(
    `{ ...F0 ...Nowhere } ${chain.join(' ')} fragment F${links} on Query { ...F0 nothing { x } } fragment C on Nothing { ...C }`,
  )
  expectWithin(performance.now() - began, 500)
})

test("the dashboard's own documents are within every limit", async () => {
  const manifest = new URL('../../../../admin/src/generated/persisted-documents.json', import.meta.url)
  const documents = Object.values(JSON.parse(await readFile(manifest, 'utf8')) as Record<string, string>)
  expect(documents.length).toBeGreaterThan(4)
  for (const document of documents) {
    expect(validate(schema, parse(document), [...specifiedRules, limitsRule, costRule])).toEqual([])
  }
})
