import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateApiKey } from '@emailauth/secrets/api-key'
import { eventually } from '@emailauth/testing/eventually'
import { expectWithin } from '@emailauth/testing/timing'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildGateway, type GatewayOptions, MAX_CONNECTIONS } from '../src/app.ts'
import { inTime, TooLate } from '../src/graphql/deadline.ts'
import { anApiKey } from './an-api-key.ts'
import { portOf, sendRaw } from './raw-http.ts'
import { startScriptedService } from './scripted-service.ts'

const serviceToken = 't'.repeat(32)
const document = '{ viewer { scope } }'
const hash = createHash('sha256').update(document).digest('hex')
const { key } = generateApiKey()

let folder: string
let service: Awaited<ReturnType<typeof startScriptedService>>
const apps: FastifyInstance[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-http-'))
  service = await startScriptedService(({ url }, response) => {
    if (url?.startsWith('/readyz')) response.end('{}')
    else if (url === '/v1/api-keys/authenticate') response.end(JSON.stringify(anApiKey()))
    // Everything else is never answered.
  })
})
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
  await service.stop()
  await rm(folder, { recursive: true })
})

async function gateway(options: Partial<GatewayOptions> = {}): Promise<FastifyInstance> {
  const app = await buildGateway({
    persistenceUrl: service.url,
    mailerUrl: service.url,
    serviceToken,
    adminFolder: folder,
    logger: pino({ level: 'silent' }),
    production: true,
    ...options,
  })
  apps.push(app)
  return app
}

const post = (app: FastifyInstance, payload: object, headers = {}) =>
  app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${key}`, ...headers },
    payload,
  })

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
  // Who prefers JSON of the older kind reads errors of documents in a 200 only (graphql-over-http.test.ts).
  const ofDocument = accept !== undefined && accept !== '*/*' && type === 'application/json' ? 200 : 400
  const bodies: [object | string, number][] = [
    [{ query: document }, 200],
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
    expect(service.calls).toEqual([])
  },
)

test('a document of the dashboard may be named by its id', async () => {
  await writeFile(join(folder, 'persisted-documents.json'), JSON.stringify({ [hash]: document, odd: 5 }))
  const app = await gateway()
  const named = [
    { documentId: `sha256:${hash}` },
    { documentId: hash },
    { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } },
    // Nothing is learnt of what comes along with an id, nor is the id held against it.
    { query: document, extensions: { persistedQuery: { version: 1, sha256Hash: 'another' } } },
    { query: document, extensions: { other: 1 } },
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
  await writeFile(join(folder, 'persisted-documents.json'), '{')
  const reply = await post(await gateway(), { documentId: hash })
  expect(reply.statusCode).toBe(400)
})

test('metrics need the service token, unless the settings open them to everybody', async () => {
  const app = await gateway()
  expect((await app.inject('/metrics')).statusCode).toBe(401)
  expect(
    (await app.inject({ url: '/metrics', headers: { authorization: `Bearer ${key}` } })).statusCode,
  ).toBe(401)
  const authorization = `Bearer ${serviceToken}`
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

test('what takes too long is SERVICE_UNAVAILABLE in time, whichever way it goes', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const app = await gateway({ operationTimeoutMs: 100, logger })
  expect((await post(app, { query: document })).statusCode).toBe(200)
  // Persistence is asked for the list, and never answers.
  const type = 'application/graphql-response+json'
  for (const accept of ['application/json', type]) {
    const began = performance.now()
    const late = await post(app, { query: '{ tenants { id } }' }, { accept })
    expectWithin(performance.now() - began, 1500)
    expect([late.statusCode, late.headers['content-type']]).toEqual([503, `${accept}; charset=utf-8`])
    const requestId = late.headers['x-request-id']
    expect(late.json().errors[0].extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', requestId })
    expect(lines.filter((line) => line.includes(String(requestId)))).toHaveLength(1)
  }
})

test('work that fails late fails nobody', async () => {
  await expect(inTime(Promise.reject(new Error('its own')), 1000)).rejects.toThrow('its own')
  let fail = (_error: Error) => {}
  const work = new Promise((_resolve, reject) => {
    fail = reject
  })
  await expect(inTime(work, 1)).rejects.toThrow(TooLate)
  fail(new Error('late'))
  await expect(work).rejects.toThrow('late')
})

test('while the event loop lags GraphQL is sent away with Retry-After, health is not, and then it goes on', async () => {
  const app = await gateway({ load: { maxEventLoopDelayMs: 30, sampleMs: 50, measureMs: 5 } })
  await app.listen({ host: '127.0.0.1', port: 0 })
  expect((await post(app, { query: document })).statusCode).toBe(200)
  const shed = await eventually(async () => {
    const until = performance.now() + 120
    while (performance.now() < until) Math.sqrt(2)
    const reply = await post(app, { query: document })
    expect(reply.statusCode).toBe(503)
    return reply
  })
  expect(shed.headers['retry-after']).toBe('1')
  expect(shed.json().errors[0].extensions).toEqual({
    code: 'SERVICE_UNAVAILABLE',
    requestId: shed.headers['x-request-id'],
  })
  expect((await app.inject('/healthz')).statusCode).toBe(200)
  await eventually(async () => expect((await post(app, { query: document })).statusCode).toBe(200))
})

test('X-Forwarded-For is believed of the named proxies only', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const ipOf = async (trustedProxies: string[]) => {
    lines.length = 0
    const app = await gateway({ logger, trustedProxies })
    const headers = { authorization: 'Bearer none', 'x-forwarded-for': '203.0.113.9' }
    expect((await post(app, { query: document }, headers)).statusCode).toBe(401)
    return JSON.parse(lines.find((line) => line.includes('no valid API key')) ?? '{}').ip
  }
  expect(await ipOf([])).toBe('127.0.0.1')
  expect(await ipOf(['10.0.0.0/8'])).toBe('127.0.0.1')
  expect(await ipOf(['127.0.0.0/8'])).toBe('203.0.113.9')
})

test('a request that does not come to its end is answered 408, and two Host headers 400', async () => {
  const app = await gateway({ requestLimits: { headersMs: 300, requestMs: 400 } })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const head = 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n'
  const body = 'Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"query"'
  expect(await sendRaw(portOf(app), head)).toMatch(/^HTTP\/1\.1 408 /)
  expect(await sendRaw(portOf(app), head + body)).toMatch(/^HTTP\/1\.1 408 /)
  const twice = `${head}Host: evil.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
  const answer = await sendRaw(portOf(app), twice)
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).toContain('"code":"BAD_USER_INPUT"')
  const upgrade = `GET /graphql HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'
  expect(await sendRaw(portOf(app), upgrade + key)).toMatch(/^HTTP\/1\.1 400 /)
  // Elsewhere an upgrade is an ordinary request, and its connection must end with the answer.
  const elsewhere = upgrade.replace('/graphql', '/healthz').replace('Host: b\r\n', '')
  expect(await sendRaw(portOf(app), elsewhere + key)).toMatch(/^HTTP\/1\.1 200 /)
}, 20_000)

test('the limits of connections and requests, so that a change of one is seen', async () => {
  const app = await gateway()
  const { headersTimeout, requestTimeout, maxConnections } = app.server
  expect(MAX_CONNECTIONS).toBe(4000)
  expect({ headersTimeout, requestTimeout, maxConnections }).toEqual({
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    maxConnections: MAX_CONNECTIONS,
  })
})

test('a peer may hold a quarter of the connections, a trusted proxy all of them', async () => {
  const held = async (trustedProxies: string[]) => {
    const app = await gateway({ maxConnections: 16, trustedProxies })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const sockets = Array.from({ length: 20 }, () => connect(portOf(app), '127.0.0.1'))
    for (const socket of sockets) socket.on('error', () => {})
    await eventually(() => expect(sockets.filter(({ destroyed }) => destroyed).length).toBeGreaterThan(0))
    await eventually(() => expect(sockets.every(({ connecting }) => !connecting)).toBe(true))
    const count = await new Promise((resolve) => {
      app.server.getConnections((_error, open) => resolve(open))
    })
    for (const socket of sockets) socket.destroy()
    return count
  }
  expect(await held([])).toBe(4)
  expect(await held(['127.0.0.0/8'])).toBe(16)
})
