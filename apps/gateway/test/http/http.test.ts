import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GatewayOptions } from '../../src/gateway-options.ts'
import { API_KEY, DOCUMENT, type LoneGateways, post, startLoneGateways } from '../services/lone-gateways.ts'
import { SERVICE_TOKEN } from '../services/scripted-service.ts'

const hash = createHash('sha256').update(DOCUMENT).digest('hex')

let gateways: LoneGateways
beforeEach(async () => {
  gateways = await startLoneGateways()
})
afterEach(() => gateways.stop())
const gateway = (options?: Partial<GatewayOptions>) => gateways.build(options)

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json'],
  ['text/html, application/*;q=0.1', 'application/json'],
  ['application/json; charset=utf-8', 'application/json'],
  [
    'application/graphql-response+json;charset=utf-8, application/json; charset=utf-8; q=0.9',
    'application/graphql-response+json',
  ],
  [
    'application/json;q=0.5;charset=UTF-8, application/graphql-response+json;v=1',
    'application/graphql-response+json',
  ],
])('Accept: %s is answered in %s, errors too', async (accept, type) => {
  const app = await gateway()
  const headers = accept === undefined ? {} : { accept }
  // Clients that prefer the older media type read errors of documents only in a 200
  // (graphql-over-http.test.ts).
  const ofDocument = accept !== undefined && accept !== '*/*' && type === 'application/json' ? 200 : 400
  const bodies: [object | string, number][] = [
    [{ query: DOCUMENT }, 200],
    [{ query: '{' }, ofDocument],
    [{ query: '{ nothing }' }, ofDocument],
    [{ query: 'query ($n: Int!) { identities(first: $n) { totalCount } }', variables: {} }, ofDocument],
    [{ documentId: 'sha256:0' }, 400],
    [`"${'x'.repeat(65 * 1024)}"`, 413],
    ['{', 400],
  ]
  for (const [body, status] of bodies) {
    const reply = await post(app, body as object, { 'content-type': 'application/json', ...headers })
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([status, `${type}; charset=utf-8`])
  }
})

test.each(['text/html', 'image/*', 'application/xml', 'application/json;q=0', 'nonsense'])(
  'a client that accepts only %s gets 406, and nothing has run',
  async (accept) => {
    const reply = await post(await gateway(), { query: 'mutation { revokeApiKey(id: "x") }' }, { accept })
    expect(reply.statusCode).toBe(406)
    expect(reply.json().errors[0].extensions).toEqual({
      code: 'BAD_USER_INPUT',
      requestId: reply.headers['x-request-id'],
    })
    expect(gateways.calls).toEqual([])
  },
)

test('a document of the dashboard may be named by its id', async () => {
  await writeFile(
    join(gateways.folder, 'persisted-documents.json'),
    JSON.stringify({ [hash]: DOCUMENT, odd: 5 }),
  )
  const app = await gateway()
  const named = [
    { documentId: `sha256:${hash}` },
    { documentId: hash },
    { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } },
    // Nothing is learnt of what comes along with an id, nor is the id held against it.
    { query: DOCUMENT, extensions: { persistedQuery: { version: 1, sha256Hash: 'another' } } },
    { query: DOCUMENT, extensions: { other: 1 } },
  ]
  for (const body of named) {
    const reply = await post(app, body)
    expect([reply.statusCode, reply.json().data]).toEqual([200, { viewer: { scope: 'ADMIN' } }])
  }
  const unknown = [
    { documentId: 'sha256:another' },
    { documentId: 'another' },
    { documentId: 'odd' },
    { documentId: '__proto__' },
    { documentId: 5 },
    { documentId: null, extensions: { persistedQuery: { sha256Hash: { a: 1 } } } },
    { extensions: { persistedQuery: {} } },
  ]
  for (const body of unknown) {
    const reply = await post(app, body)
    // A client that registers documents learns that none is kept, so that it does not try each hash again.
    const word = 'documentId' in body && body.documentId !== null ? 'NotFound' : 'NotSupported'
    expect([reply.statusCode, reply.json().errors[0].message]).toEqual([400, `PersistedQuery${word}`])
  }
})

test('a list of documents that is damaged is no list', async () => {
  await writeFile(join(gateways.folder, 'persisted-documents.json'), '{')
  const reply = await post(await gateway(), { documentId: hash })
  expect(reply.statusCode).toBe(400)
})

test('metrics need the service token, unless the settings open them to everybody', async () => {
  const app = await gateway()
  expect((await app.inject('/metrics')).statusCode).toBe(401)
  expect(
    (await app.inject({ url: '/metrics', headers: { authorization: `Bearer ${API_KEY}` } })).statusCode,
  ).toBe(401)
  const authorization = `Bearer ${SERVICE_TOKEN}`
  const reply = await app.inject({ url: '/metrics', headers: { authorization } })
  expect(reply.body).toMatch(/nodejs_eventloop_lag_p99_seconds/)
  // By their name these are counters, but by their type gauges, which Prometheus' linter refuses.
  expect(reply.body.match(/^# TYPE \S+_total gauge$/gm)).toBeNull()
  expect((await (await gateway({ metricsPublic: true })).inject('/metrics')).statusCode).toBe(200)
})

test('operations are measured by root field and error code, never by a name that a caller chose', async () => {
  const app = await gateway({ metricsPublic: true })
  await post(app, { query: 'query mine { a: viewer { scope } }' })
  await post(app, { query: '{ viewer { scope } ...F } fragment F on Query { viewer { scope } }' })
  await post(app, { query: '{ mine }' })
  await post(app, { query: 'mutation { verify(input: { number: "1" }) { __typename } }' })
  const { body } = await app.inject('/metrics')
  const seen = body.split('\n').filter((line) => line.includes('operation_duration_seconds_count'))
  const label = (line: string, name: string) => new RegExp(`\\b${name}="(\\w+)"`).exec(line)?.[1]
  expect(seen.map((line) => `${label(line, 'operation')} ${label(line, 'code')}`).sort()).toEqual([
    'none BAD_USER_INPUT',
    'several OK',
    'verify FORBIDDEN',
    'viewer OK',
  ])
  expect(body).not.toContain('mine')
})

test.each(['/verify/%ff', '/admin/%zz', `/verify/${'a'.repeat(5000)}`])(
  'a URL that names no route at all is answered like any other: %#',
  async (url) => {
    const reply = await (await gateway()).inject(url)
    expect(reply.statusCode).toBe(400)
    expect(reply.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'x-content-type-options': 'nosniff',
      'x-request-id': reply.json().requestId,
    })
    expect(reply.json()).toMatchObject({ code: 'bad-input', requestId: expect.any(String) })
    expect(reply.body).not.toContain(url)
  },
)
