import { connect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { expectWithin } from '@emailauth/testing/timing'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MAX_CONNECTIONS } from '../../src/create-http-app.ts'
import type { GatewayOptions } from '../../src/gateway-options.ts'
import { inTime, TooLate } from '../../src/graphql/deadline.ts'
import { DOCUMENT, type LoneGateways, post, startLoneGateways } from '../services/lone-gateways.ts'
import { portOf, sendRaw } from './raw-http.ts'

let gateways: LoneGateways
beforeEach(async () => {
  gateways = await startLoneGateways()
})
afterEach(() => gateways.stop())
const gateway = (options?: Partial<GatewayOptions>) => gateways.build(options)

test('what takes too long is SERVICE_UNAVAILABLE in time, whichever way it goes', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const app = await gateway({ operationTimeoutMs: 100, logger })
  // The first call of a process may take longer than that on a busy machine.
  await eventually(async () => expect((await post(app, { query: DOCUMENT })).statusCode).toBe(200))
  lines.length = 0
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

test('of a document with many faults 10 are listed', async () => {
  const fields = Array.from({ length: 15 }, (_, at) => `unknown${at}`).join(' ')
  const { errors } = (await post(await gateway(), { query: `{ viewer { ${fields} } }` })).json()
  const messages: string[] = errors.map(({ message }: { message: string }) => message)
  expect(messages.filter((message) => message.startsWith('Cannot query field'))).toHaveLength(10)
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
  expect((await post(app, { query: DOCUMENT })).statusCode).toBe(200)
  const shed = await eventually(async () => {
    // In a row: a sample with a pause of ours in it may not lag, and two in succession have to.
    for (let blocked = 0; blocked < 5; blocked += 1) {
      const until = performance.now() + 120
      while (performance.now() < until) Math.sqrt(2)
      await nextTurn()
    }
    const reply = await post(app, { query: DOCUMENT })
    expect(reply.statusCode).toBe(503)
    return reply
  })
  expect(shed.headers['retry-after']).toBe('1')
  expect(shed.json().errors[0].extensions).toEqual({
    code: 'SERVICE_UNAVAILABLE',
    requestId: shed.headers['x-request-id'],
  })
  expect((await app.inject('/healthz')).statusCode).toBe(200)
  await eventually(async () => expect((await post(app, { query: DOCUMENT })).statusCode).toBe(200))
})

test('X-Forwarded-For is believed of the named proxies only', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const ipOf = async (trustedProxies: string[]) => {
    lines.length = 0
    const app = await gateway({ logger, trustedProxies })
    const headers = { authorization: 'Bearer none', 'x-forwarded-for': '203.0.113.9' }
    expect((await post(app, { query: DOCUMENT }, headers)).statusCode).toBe(401)
    return JSON.parse(lines.find((line) => line.includes('no valid API key')) ?? '{}').ip
  }
  expect(await ipOf([])).toBe('127.0.0.1')
  expect(await ipOf(['10.0.0.0/8'])).toBe('127.0.0.1')
  expect(await ipOf(['127.0.0.0/8'])).toBe('203.0.113.9')
})

test('a request that does not come to its end is answered 408, and two Host headers 400', async () => {
  const app = await gateway({ requestLimits: { headersMs: 300, requestMs: 400, replyMs: 60_000 } })
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
})

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
