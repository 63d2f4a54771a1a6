import { once } from 'node:events'
import { get } from 'node:http'
import { connect } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SOCKET_LIMITS } from '../../src/sockets/socket-limits.ts'
import { startWorld, type World } from '../world.ts'
import { acknowledged, openSocket } from './hand-written-socket.ts'

// What a client may send that no program of good will does.

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': Buffer.alloc(16).toString('base64'),
}

let world: World
let url: string
beforeAll(async () => {
  world = await startWorld()
  url = await world.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await world?.stop()
})

test('what is no message closes the socket, and a flood of messages does', async () => {
  const before = world.log.length
  const nonsense = await acknowledged(url, world.key)
  nonsense.send({ type: 'planted-918273645546' })
  expect((await nonsense.closed).code).toBe(4400)
  const flood = await acknowledged(url, world.key)
  for (let i = 0; i < 250; i++) flood.send({ type: 'ping' })
  expect(await flood.closed).toEqual({ code: 4429, reason: 'Too many messages' })
  expect(world.log.slice(before).join('')).not.toContain('918273645546')
})

test('what only a server sends, and an id that is in use, are no fault of the gateway', async () => {
  const before = world.log.length
  const next = await openSocket(url)
  next.send({ id: 'a', type: 'next', payload: {} })
  expect(await next.closed).toEqual({ code: 4400, reason: 'Invalid message received' })
  const id = 'x'.repeat(128)
  const twice = await acknowledged(url, world.key)
  twice.subscribe(`${id}x`)
  expect((await twice.answered('error', `${id}x`)).payload?.[0]?.message).toBe(
    'An id has at most 128 characters.',
  )
  twice.subscribe(id)
  twice.subscribe(id)
  expect((await twice.closed).code).toBe(4409)
  expect(world.log.slice(before).filter((line) => /"level":"(warn|error)"/.test(line))).toEqual([])
})

test('an id that comes again before its subscription has ended closes the socket', async () => {
  const socket = await acknowledged(url, world.key)
  // graphql-ws would run both, and count, complete and end one.
  socket.subscribe('a')
  socket.send({ id: 'a', type: 'complete' })
  socket.subscribe('a')
  expect(await socket.closed).toEqual({
    code: 4409,
    reason: 'The subscription of this id has not ended yet',
  })
  const next = await acknowledged(url, world.key)
  // One that was refused has ended, and one that was completed ends soon.
  next.subscribe('a', 'subscription { nothing }')
  await next.answered('error', 'a')
  next.subscribe('a', 'subscription { events(after: "no cursor") { type } }')
  await next.answered('complete', 'a')
  next.subscribe('a')
  next.send({ type: 'ping' })
  await next.answered('pong')
  next.end()
})

test.each(['frames', 'bytes'])('a message in too many %s ends the socket', async (kind) => {
  const at = new URL(url)
  const socket = connect(Number(at.port), at.hostname).setNoDelay()
  socket.on('error', () => {})
  let isClosed = false
  socket.on('close', () => {
    isClosed = true
  })
  socket.write(upgradeOf(at))
  await once(socket, 'data')
  // A stranger would be sent away after 3 s.
  const init = JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${world.key}` } })
  socket.write(Buffer.concat([Buffer.from([0x81, 0xfe, 0, init.length, 0, 0, 0, 0]), Buffer.from(init)]))
  await once(socket, 'data')
  // Text that is not final, in frames of one byte; or one frame of 64,000 that comes byte by byte.
  const [first, more] =
    kind === 'frames'
      ? [
          [0x01, 0x81, 0, 0, 0, 0, 0x20],
          [0x00, 0x81, 0, 0, 0, 0, 0x20],
        ]
      : [[0x81, 0xfe, 0xfa, 0x00, 0, 0, 0, 0], [0x20]]
  socket.write(Buffer.from(first))
  for (let piece = 0; piece < 16_000 && !isClosed; piece++) {
    socket.write(Buffer.from(more))
    await new Promise(setImmediate)
  }
  expect(isClosed).toBe(true)
})

test('what a stranger sends that is no WebSocket frame ends the socket, and leaves no line from info on', async () => {
  const lines: { level: number; msg: string }[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const app = await world.another({ logger })
  const at = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const socket = connect(Number(at.port), at.hostname)
  socket.on('error', () => {})
  const ended = once(socket, 'close')
  socket.write(upgradeOf(at))
  await once(socket, 'data')
  // Reserved bits, and no mask.
  socket.write(Buffer.from([0xff, 0x01, 0x00]))
  await ended
  await eventually(() => expect(lines.map(({ msg }) => msg)).toContain('a socket failed'))
  await app.close()
  expect(lines.filter(({ level, msg }) => level >= 30 && /socket|frame/i.test(msg))).toEqual([])
})

function upgradeOf({ host }: URL): string {
  return `GET /graphql HTTP/1.1\r\nhost: ${host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${Buffer.alloc(16).toString('base64')}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`
}

test('of variables with hundreds of wrong parts one is reported', async () => {
  const socket = await acknowledged(url, world.key)
  const query = 'subscription ($types: [EventType!]) { events(types: $types) { type } }'
  socket.subscribe('a', query, { types: Array.from({ length: 400 }, () => 'NONE') })
  const { payload } = await socket.answered('error', 'a')
  // One, and a word that there are more.
  expect(payload).toHaveLength(2)
})

test('sockets that an address opens in a loop are refused before their upgrade', async () => {
  const app = await world.another({
    socketLimits: { ...SOCKET_LIMITS, handshakes: { most: 2, windowMs: 60_000 } },
    trustedProxies: ['127.0.0.1'],
  })
  const its = await app.listen({ host: '127.0.0.1', port: 0 })
  const upgrade = async (ip: string) => {
    const asked = get(`${its}/graphql`, {
      headers: { ...UPGRADE, 'x-forwarded-for': ip },
    })
    const [reply] = await Promise.race([once(asked, 'response'), once(asked, 'upgrade')])
    reply.socket.destroy()
    return reply
  }
  const statuses = []
  for (const ip of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'])
    statuses.push((await upgrade(ip)).statusCode)
  expect(statuses).toEqual([101, 101, 429, 101])
  const seconds = Number((await upgrade('192.0.2.1')).headers['retry-after'])
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(60)
  // A query by GET is no socket.
  const query = { url: '/graphql?query={viewer{scope}}', headers: { authorization: `Bearer ${world.key}` } }
  const headers = { ...query.headers, 'x-forwarded-for': '192.0.2.1' }
  expect((await app.inject({ ...query, method: 'GET', headers })).statusCode).toBe(200)
  await app.close()
})
