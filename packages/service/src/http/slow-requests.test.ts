import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { makeCertificates } from '@emailauth/testing/certificates'
import { eventually } from '@emailauth/testing/eventually'
import Fastify, { type FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { loggerOptions } from '../logging/logger.ts'
import { buildServiceApp } from './app.ts'
import { limitConnections } from './connection-limits.ts'
import { limitReplies, MAX_WAITING_REQUESTS } from './reply-limits.ts'
import { CHECK_OFTEN, REQUEST_LIMITS, type RequestLimits } from './request-limits.ts'

const serviceToken = 'a'.repeat(32)
/** A thousand of them are far more than the buffers of a connection hold. */
const PIECE = Buffer.alloc(64 * 1024)
const ONE_PIECE = Buffer.alloc(1000 * PIECE.length)
const AUTHORIZED = `Host: x\r\nAuthorization: Bearer ${serviceToken}\r\n`

let app: FastifyInstance
let port: number
let lines: { msg: string }[]
beforeEach(() => listen({ headersMs: 300, requestMs: 300, replyMs: 300 }))
afterEach(() => app.close())

async function listen(requestLimits: RequestLimits): Promise<void> {
  lines = []
  app = await buildServiceApp({
    name: 'test',
    description: 'A service of the tests.',
    serviceToken,
    logger: pino(loggerOptions('test', 'warn'), { write: (line) => void lines.push(JSON.parse(line)) }),
    readyChecks: [],
    requestLimits,
    routes: (typed) => {
      typed.get('/v1/long', async (_request, reply) => reply.send(Readable.from(Array(1000).fill(PIECE))))
      typed.get('/v1/one-piece', async (_request, reply) => reply.send(ONE_PIECE))
      typed.post('/v1/echo', async ({ body }) => body as object)
    },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
}

/** Sends bytes without an end. Returns the reply when the server closes the connection. */
async function hang(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return allOf(socket)
}

async function allOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (piece) => {
    text += String(piece)
  })
  socket.on('error', () => {})
  await once(socket, 'close')
  return text
}

test('a path that is none is refused before its body has come', async () => {
  for (const [path, status] of [
    ['/v1/nowhere', 404],
    ['/v1/long', 405],
  ])
    expect(await hang(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{`)).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} `),
    )
})

test('the limits, so that a change of one is seen', () => {
  expect(REQUEST_LIMITS).toEqual({ headersMs: 10_000, requestMs: 15_000, replyMs: 60_000 })
  expect(MAX_WAITING_REQUESTS).toBe(4)
  expect(CHECK_OFTEN).toEqual({ connectionsCheckingInterval: 3000 })
})

test.each([
  ['nothing at all', ''],
  ['half a head', 'POST /v1/echo HTTP/1.1\r\nHost: x\r\n'],
  [
    'a body that is cut short',
    `POST /v1/echo HTTP/1.1\r\n${AUTHORIZED}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a"`,
  ],
  [
    'a body in pieces without an end',
    `POST /v1/echo HTTP/1.1\r\n${AUTHORIZED}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n`,
  ],
])('%s is answered 408 and the connection ends', async (_what, bytes) => {
  expect(await hang(bytes)).toMatch(/^HTTP\/1\.1 408 /)
})

/** Ends when that many connections have come and all of them have ended. */
function endOf(count: number): Promise<void> {
  return new Promise((ended) => {
    let open = count
    app.server.on('connection', (socket: Socket) => {
      socket.once('close', () => {
        open -= 1
        if (open === 0) ended()
      })
    })
  })
}

/** Asks for the long reply and takes none of it. */
function askAndStall(path = '/v1/long'): Socket {
  const socket = connect(port, '127.0.0.1').pause()
  socket.write(`GET ${path} HTTP/1.1\r\n${AUTHORIZED}Connection: close\r\n\r\n`)
  return socket
}

test('a reply that nobody takes is given up', async () => {
  const ended = endOf(1)
  const stalled = askAndStall()
  await ended
  stalled.destroy()
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'warn',
      ip: '127.0.0.1',
      waitingBytes: expect.any(Number),
      moreSinceLastLine: 0,
      msg: 'a connection was ended, because its client does not take its reply',
    }),
  ])
})

test('what a client takes is looked at ten times in the time that it has', async () => {
  await app.close()
  const timers = vi.spyOn(globalThis, 'setInterval')
  onTestFinished(() => timers.mockRestore())
  await listen({ headersMs: 300, requestMs: 300, replyMs: 12_340 })
  const socket = connect(port, '127.0.0.1')
  await eventually(() => expect(timers.mock.calls.map(([, everyMs]) => everyMs)).toContain(1234))
  socket.destroy()
})

test('many replies that nobody takes have one line in the log', async () => {
  const ended = endOf(5)
  const stalled = Array.from({ length: 5 }, () => askAndStall())
  await ended
  for (const socket of stalled) socket.destroy()
  expect(lines).toHaveLength(1)
})

/** Takes a reply in pieces, with pauses. Returns its length, and how long it took in milliseconds. */
async function takeSlowly(slow: Socket): Promise<{ length: number; tookMs: number }> {
  const startedAt = performance.now()
  let length = 0
  let pausedAt = 0
  slow.resume().on('data', (piece) => {
    length += piece.length
    // As much at once as the system sends again for: it does not after each piece.
    if (length - pausedAt < 32 * PIECE.length) return
    pausedAt = length
    slow.pause()
    setTimeout(() => slow.resume(), 120)
  })
  await once(slow, 'close')
  return { length, tookMs: performance.now() - startedAt }
}

/** Longer than a busy machine lets this process wait, which is the client too. */
const SLOW_REPLY_MS = 1500

test.each([
  ['of many pieces', '/v1/long'],
  ['of one piece', '/v1/one-piece'],
])('a reply %s that is taken slowly is sent to its end', async (_what, path) => {
  await app.close()
  await listen({ headersMs: 300, requestMs: 300, replyMs: SLOW_REPLY_MS })
  const { length, tookMs } = await takeSlowly(askAndStall(path))
  expect(length).toBeGreaterThan(ONE_PIECE.length)
  // One that takes nothing is given up before.
  expect(tookMs).toBeGreaterThan(2 * SLOW_REPLY_MS)
})

test('over TLS, too, a reply of one piece that is taken slowly is sent to its end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-slow-'))
  const { certificate, key, ca } = await makeCertificates(folder)
  const overTls = Fastify({ https: { cert: await readFile(certificate), key: await readFile(key) } })
  onTestFinished(async () => {
    await overTls.close()
    await rm(folder, { recursive: true })
  })
  limitReplies(overTls as unknown as FastifyInstance, SLOW_REPLY_MS)
  overTls.get('/', async (_request, reply) => reply.send(ONE_PIECE))
  await overTls.listen({ host: '127.0.0.1', port: 0 })
  const { port: at } = overTls.server.address() as AddressInfo
  const slow = connectTls({ port: at, host: '127.0.0.1', ca: await readFile(ca) })
  slow.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  const { length, tookMs } = await takeSlowly(slow)
  expect(length).toBeGreaterThan(ONE_PIECE.length)
  expect(tookMs).toBeGreaterThan(2 * SLOW_REPLY_MS)
})

test('a process that stands still for the whole time blames no client for it', async () => {
  await app.close()
  const replyMs = 500
  await listen({ headersMs: 300, requestMs: 300, replyMs })
  let pauses = 0
  app.server.once('connection', () => {
    // It begins with a look at what was taken, if one comes each time this time has passed.
    const paused = setInterval(() => {
      pauses += 1
      if (pauses === 3) clearInterval(paused)
      const until = performance.now() + replyMs
      while (performance.now() < until);
    }, replyMs)
  })
  let length = 0
  const slow = askAndStall().resume()
  slow.on('data', (piece) => {
    length += piece.length
    if (pauses >= 3) return
    slow.pause()
    setTimeout(() => slow.resume(), 5)
  })
  await once(slow, 'close')
  expect(pauses).toBe(3)
  expect(length).toBeGreaterThan(1000 * PIECE.length)
  expect(lines).toEqual([])
})

test('four requests may wait behind one on a connection, one more ends it', async () => {
  const request = 'GET /healthz HTTP/1.1\r\nHost: x\r\n'
  const last = `${request}Connection: close\r\n\r\n`
  const replies = async (count: number) =>
    (await hang(`${request}\r\n`.repeat(count - 1) + last)).match(/HTTP\/1\.1 200 /g)?.length ?? 0
  expect(await replies(5)).toBe(5)
  expect(await replies(6)).toBeLessThan(5)
  expect(await replies(600)).toBeLessThan(5)
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'warn',
      ip: '127.0.0.1',
      waitingRequests: MAX_WAITING_REQUESTS + 1,
      msg: 'a connection was ended, because too many requests wait in it for their replies',
    }),
  ])
})

test('connections of one address, but not of a proxy, are bounded', async () => {
  const held = (socket: Socket) => once(socket, 'connect')
  const bounded = await buildServiceApp({
    name: 'test',
    description: 'x',
    serviceToken,
    logger: undefined,
    readyChecks: [],
    routes: () => {},
  })
  limitConnections(bounded, { most: 4, mostPerAddress: 2 })
  await bounded.listen({ host: '127.0.0.1', port: 0 })
  const at = (bounded.server.address() as AddressInfo).port
  const sockets = [connect(at, '127.0.0.1'), connect(at, '127.0.0.1')]
  await Promise.all(sockets.map(held))
  expect(await allOf(connect(at, '127.0.0.1'))).toBe('')
  sockets[0]?.destroy()
  // The server notices the end after the client.
  await eventually(async () => {
    const next = connect(at, '127.0.0.1')
    next.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(await allOf(next)).toMatch(/^HTTP\/1\.1 200 /)
  })
  for (const socket of sockets) socket.destroy()
  await bounded.close()
})

test.each(['Host', 'Authorization', 'Content-Type', 'Origin'])('two %s headers are 400', async (name) => {
  const head = `GET /healthz HTTP/1.1\r\n${name === 'Host' ? '' : 'Host: x\r\n'}${name}: a\r\n${name.toUpperCase()}: a\r\n`
  expect(await hang(`${head}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /)
})
