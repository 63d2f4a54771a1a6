import { once } from 'node:events'
import { connect } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { expectWithin } from '@emailauth/testing/timing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

async function post(payload: string | object, headers: Record<string, string> = {}) {
  return world.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.key}`, ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })
}

const verify = 'verify(input: { number: "1" }) { __typename }'
const repeat = (text: string, times: number) =>
  Array.from({ length: times }, (_, n) => text.replaceAll('#', String(n)))

const REFUSED: [what: string, status: number, body: string | object][] = [
  ['no body', 400, ''],
  ['no JSON', 400, '{'],
  ['null', 400, 'null'],
  ['a number', 400, '5'],
  ['no query', 400, {}],
  ['an empty query', 400, { query: '' }],
  ['a query that is a number', 400, { query: 5 }],
  ['a query that is a document tree', 400, { query: { kind: 'Document', definitions: [] } }],
  ['variables that are a text', 400, { query: '{ viewer { scope } }', variables: '{}' }],
  ['prototype pollution', 400, '{"query":"{ viewer { scope } }","__proto__":{"x":1}}'],
  ['1 MB', 413, { query: `{ viewer { scope } } #${'x'.repeat(1024 * 1024)}` }],
  ['an array of operations', 400, [{ query: '{ viewer { scope } }' }, { query: '{ viewer { scope } }' }]],
  ['an empty array', 400, []],
  ['no GraphQL', 400, { query: 'SELECT *' }],
  ['no such field', 400, { query: '{ numbers }' }],
  ['no such operation', 400, { query: 'query A { viewer { scope } }', operationName: 'B' }],
  [
    'a persisted query that nobody knows',
    400,
    { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
  ],
  ['a subscription', 400, { query: 'subscription { x }' }],
  ['depth 50', 400, { query: `{ ${'identities { nodes { '.repeat(25)} id ${'}}'.repeat(25)} }` }],
  ['100 aliases', 400, { query: `{ ${repeat('a#: viewer { scope }', 100).join(' ')} }` }],
  ['two verifies by alias', 400, { query: `mutation { a: ${verify} b: ${verify} }` }],
  [
    'two verifies by fragment',
    400,
    { query: `mutation { ${verify} ...F } fragment F on Mutation { b: ${verify} }` },
  ],
  [
    'a fragment that spreads itself',
    400,
    { query: '{ ...F } fragment F on Query { viewer { scope } ...F }' },
  ],
  [
    'fragments in a circle',
    400,
    { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' },
  ],
  ['60 KB of braces', 400, { query: '{'.repeat(60_000) }],
  ['60 KB of one field', 400, { query: `{ ${'viewer{scope}'.repeat(4000)} }` }],
  ['60 KB of directives', 400, { query: `{ viewer ${'@include(if: true) '.repeat(3000)} { scope } }` }],
  [
    'a list nested 20,000 deep',
    400,
    { query: 'query ($x: ID!) { identity(id: $x) { id } }', variables: { x: '#' } },
  ],
]

test.each(REFUSED)('%s: status %i and one clear error', async (what, status, body) => {
  let payload = typeof body === 'string' ? body : JSON.stringify(body)
  if (what.startsWith('a list nested'))
    payload = payload.replace('"#"', `${'['.repeat(20_000)}${']'.repeat(20_000)}`)
  // Long documents use up a tenant's budget of new ones, and an admin has none.
  const reply = await post(payload, { authorization: `Bearer ${world.adminKey}` })
  expect(reply.statusCode).toBe(status)
  expect(reply.headers['content-type']).toMatch(/^application\/json/)
  const { errors } = reply.json()
  expect(errors.length).toBeGreaterThan(0)
  for (const { message, extensions } of errors) {
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', requestId: reply.headers['x-request-id'] })
    expect(extensions.stacktrace).toBeUndefined()
    expect(message.length).toBeLessThan(400)
  }
  expect(reply.body).not.toMatch(/node_modules|\.ts:|\.js:/)
})

const doubling = (n: number) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`
const SLOW: [what: string, query: string][] = [
  [
    'fragments that double at every link',
    `{ ...F0 } ${Array.from({ length: 80 }, (_, n) => doubling(n)).join(' ')} fragment F80 on Query { viewer { scope } }`,
  ],
  ['many fields that overlap', `{ ${repeat('viewer { scope tenant { id name } }', 90).join(' ')} }`],
  [
    'overlaps within overlaps',
    `{ ${repeat(`viewer{tenant{settings{${'locale '.repeat(15)}}}}`, 40).join(' ')} }`,
  ],
  [
    'many fragments',
    `{ ${repeat('...F#', 80).join(' ')} } ${repeat('fragment F# on Query { __typename }', 80).join(' ')}`,
  ],
  [
    'inline fragments in each other',
    `{ ${repeat('... on Query { viewer {', 100).join(' ')} scope ${'}}'.repeat(100)} }`,
  ],
  ['variables that nobody uses', `query (${repeat('$v#: Int', 200).join(' ')}) { viewer { scope } }`],
  ['fields that are nearly right', `{ ${repeat('viewe#', 900).join(' ')} }`],
  ['one field 900 times', `{ identities { ${'totalCount '.repeat(900)} } }`],
]

test.each(SLOW)('a document made to be slow does not hold up the rest: %s', async (_what, query) => {
  const tookMs: number[] = []
  for (let round = 0; round < 9; round++) {
    const began = performance.now()
    // Another text each time, so that no cache helps.
    const reply = await post({ query: `${query} # ${round}` })
    tookMs.push(performance.now() - began)
    expect(reply.statusCode).toBeLessThan(500)
  }
  const [median = Number.POSITIVE_INFINITY] = tookMs.sort((a, b) => a - b).slice(4)
  expectWithin(median, 100)
})

test('mutations are not run by GET, nor by what a form can post', async () => {
  const query = encodeURIComponent(`mutation { ${verify} }`)
  const authorization = `Bearer ${world.otherKey}`
  const get = await world.app.inject({
    url: `/graphql?query=${query}`,
    headers: { authorization, 'apollo-require-preflight': '1' },
  })
  expect([get.statusCode, get.headers.allow]).toEqual([405, 'POST'])
  const bare = await world.app.inject({ url: `/graphql?query=${encodeURIComponent('{ viewer { scope } }')}` })
  expect([bare.statusCode, bare.headers['www-authenticate']]).toEqual([401, 'Bearer'])
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const reply = await post({ query: `mutation { ${verify} }` }, { 'content-type': type })
    expect([type, reply.statusCode >= 400 && reply.statusCode < 500]).toEqual([type, true])
    expect(reply.json().errors[0].extensions.code).toBe('BAD_USER_INPUT')
  }
})

test('a Host header that is none is a bad request', async () => {
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = world.app.server.address() as { port: number }
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const body = '{"query":"{ viewer { scope } }"}'
  socket.end(
    `POST /graphql HTTP/1.1\r\nHost: [\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
  let reply = ''
  socket.on('data', (chunk) => {
    reply += chunk
  })
  await once(socket, 'close')
  expect(reply).toMatch(/^HTTP\/1\.1 400 /)
  expect(reply).toContain('BAD_USER_INPUT')
})

test('answers are never stored, and say nothing about the server', async () => {
  const { headers } = await post({ query: '{ viewer { scope } }' })
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  expect(headers['x-powered-by']).toBeUndefined()
})

test('a given x-request-id is not taken for ours, so that it cannot name the call of another', async () => {
  const { headers } = await post({ query: '{ viewer { scope } }' }, { 'x-request-id': 'mine' })
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
})

test('no hostile request left an unforeseen error in the log', async () => {
  await eventually(() => expect(world.log.filter((line) => line.includes('"level":"error"'))).toEqual([]))
})
