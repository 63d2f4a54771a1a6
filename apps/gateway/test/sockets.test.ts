import { once } from 'node:events'
import { connect } from 'node:net'
import { SESSION_IDLE_SECONDS } from '@emailauth/contracts/sessions'
import { eventually } from '@emailauth/testing/eventually'
import { redisCommand } from '@emailauth/testing/redis-command'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SOCKET_PARTS } from '../src/graphql/graphql.routes.ts'
import { SOCKET_LIMITS } from '../src/sockets/socket-limits.ts'
import { acknowledged, openSocket } from './hand-written-socket.ts'
import { follow } from './live-client.ts'
import { ask, startWorldOfProcesses, type WorldOfProcesses } from './world.ts'

const LIMITS = {
  sockets: 6,
  socketsPerAddress: 5,
  socketsPerKey: 3,
  socketsPerSession: 2,
  subscriptions: 5,
  subscriptionsPerKey: 4,
  subscriptionsPerSession: 2,
  subscriptionsPerSocket: 3,
}

let world: WorldOfProcesses
let url: string
let strict: FastifyInstance
let strictUrl: string
beforeAll(async () => {
  world = await startWorldOfProcesses()
  url = await world.app.listen({ host: '127.0.0.1', port: 0 })
  strict = await world.another({ socketLimits: LIMITS, trustedProxies: ['127.0.0.1'] })
  strictUrl = await strict.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await strict?.close()
  await world?.stop()
})

test('the limits, so that a change of one is seen', () => {
  expect(SOCKET_PARTS).toEqual({ maxFragments: 256, maxBufferedChunks: 2048, closeTimeout: 5000 })
  expect(SOCKET_LIMITS).toEqual({
    sockets: 2000,
    socketsPerAddress: 500,
    socketsPerKey: 200,
    socketsPerSession: 20,
    subscriptions: 4000,
    subscriptionsPerKey: 400,
    subscriptionsPerSession: 100,
    subscriptionsPerSocket: 20,
  })
})

test('a socket does not keep its session alive, and is closed when the session has ended of itself', async () => {
  const { id, cookie } = await world.newSession()
  const name = `ea:session:${id}`
  const leftMs = async () => Number(await redisCommand(world.redis.port, 'PTTL', name))
  const client = follow(url, undefined, { after: '0' }, { headers: { cookie, origin: url } })
  await client.connected
  await redisCommand(world.redis.port, 'PEXPIRE', name, '8000')
  // The socket is asked about every second, and the answer is kept for three: no answer made it longer.
  await eventually(async () => expect(await leftMs()).toBeLessThan(3500), 20_000)
  expect(await client.over).toMatchObject({ code: 4403 })
  client.stop()
  // A request does keep it alive.
  const used = await world.newSession()
  await redisCommand(world.redis.port, 'PEXPIRE', `ea:session:${used.id}`, '8000')
  await ask(world.app, undefined, '{ viewer { scope } }', {}, { cookie: used.cookie })
  const left = Number(await redisCommand(world.redis.port, 'PTTL', `ea:session:${used.id}`))
  expect(left).toBeGreaterThan((SESSION_IDLE_SECONDS - 60) * 1000)
})

test('without persistence a new socket is asked to retry, and an open one stays open', async () => {
  const { cookie } = await world.newSession()
  const own = { cookie, origin: url }
  const open = await acknowledged(url, undefined, own)
  await world.persistence.kill()
  try {
    const other = await world.another()
    const otherUrl = await other.listen({ host: '127.0.0.1', port: 0 })
    for (const late of [
      follow(otherUrl, world.adminKey),
      follow(otherUrl, undefined, {}, { headers: { cookie, origin: otherUrl } }),
    ]) {
      expect(await late.over).toMatchObject({ code: 1013 })
      late.stop()
    }
    await other.close()
  } finally {
    await world.persistence.restart()
  }
  open.send({ type: 'ping' })
  await open.answered('pong')
  open.end()
})

test('a key has so many sockets, a session its own, an address and all of them theirs', async () => {
  const at = (ip: string) => ({ 'x-forwarded-for': ip })
  const refused = async (headers: Record<string, string>, key?: string) => {
    const socket = await openSocket(strictUrl, headers)
    socket.begin(key)
    return socket.closed
  }
  const keys = await Promise.all([1, 2, 3].map(() => acknowledged(strictUrl, world.key, at('192.0.2.1'))))
  expect(await refused(at('192.0.2.1'), world.key)).toEqual({
    code: 4429,
    reason: 'An API key may have 3 sockets.',
  })
  const { cookie } = await world.newSession()
  const own = { cookie, origin: strictUrl }
  const sessions = [
    await acknowledged(strictUrl, undefined, { ...own, ...at('192.0.2.1') }),
    await acknowledged(strictUrl, undefined, { ...own, ...at('::ffff:192.0.2.1') }),
  ]
  expect(await refused({ ...own, ...at('192.0.2.2') })).toEqual({
    code: 4429,
    reason: 'A session may have 2 sockets.',
  })
  // Sockets count before they say who they are.
  expect(await (await openSocket(strictUrl, at('192.0.2.1'))).closed).toEqual({
    code: 4429,
    reason: 'An address may have 5 sockets.',
  })
  const last = await openSocket(strictUrl, at('192.0.2.3'))
  expect(await (await openSocket(strictUrl, at('192.0.2.4'))).closed).toEqual({
    code: 4429,
    reason: 'There are 6 sockets already.',
  })
  for (const { end } of [...keys, ...sessions, last]) end()
  // Nothing of them is left.
  await eventually(async () => {
    const again = await openSocket(strictUrl, at('192.0.2.1'))
    again.begin(world.key)
    await Promise.race([
      again.answered('connection_ack'),
      again.closed.then((reason) => Promise.reject(new Error(JSON.stringify(reason)))),
    ])
    again.end()
  })
})

test('a socket, a key and all together have so many subscriptions', async () => {
  await eventually(async () => (await acknowledged(strictUrl, world.key)).end())
  const [first, second] = [await acknowledged(strictUrl, world.key), await acknowledged(strictUrl, world.key)]
  for (const id of ['a', 'b', 'c', 'd']) first.subscribe(id)
  const [tooMany] = (await first.answered('error', 'd')).payload ?? []
  expect(tooMany).toEqual({
    message: 'A socket may have 3 subscriptions.',
    extensions: { code: 'BAD_USER_INPUT' },
  })
  for (const id of ['e', 'f']) second.subscribe(id)
  expect((await second.answered('error', 'f')).payload?.[0]?.message).toBe(
    'An API key may have 4 subscriptions.',
  )
  const third = await acknowledged(strictUrl, world.otherKey)
  for (const id of ['g', 'h']) third.subscribe(id)
  expect((await third.answered('error', 'h')).payload?.[0]?.message).toBe(
    'There are 5 subscriptions already.',
  )
  // One that ended makes room for another.
  first.send({ id: 'a', type: 'complete' })
  third.subscribe('i')
  third.subscribe('j')
  await third.answered('error', 'j')
  expect(third.messages.some(({ id }) => id === 'i')).toBe(false)
  for (const { end } of [first, second, third]) end()
})

test('a socket that closes while its key is looked up is forgotten', async () => {
  const alone = await world.another({ socketLimits: { ...LIMITS, sockets: 50, socketsPerAddress: 50 } })
  const aloneUrl = await alone.listen({ host: '127.0.0.1', port: 0 })
  for (let round = 0; round < 12; round++) {
    const socket = await openSocket(aloneUrl)
    socket.begin(world.adminKey)
    socket.end()
    await socket.closed
  }
  // The key may have three; each one that stayed open would use one of them.
  await eventually(async () => {
    const three = await Promise.all([1, 2, 3].map(() => acknowledged(aloneUrl, world.adminKey)))
    for (const { end } of three) end()
  })
  await alone.close()
})

test.each([
  ['a syntax error', 'subscription { events(after: "918273645546" { type } }', undefined],
  [
    'a wrong variable',
    'subscription ($a: String) { events(after: $a) { type } }',
    { a: { n: '918273645546' } },
  ],
  ['a wrong enum', 'subscription ($t: [EventType!]) { events(types: $t) { type } }', { t: ['918273645546'] }],
  ['a wrong literal', 'subscription { events(types: ["918273645546"]) { type } }', undefined],
  ['an unknown field', 'subscription { events { n918273645546 } }', undefined],
  ['a bad cursor', 'subscription { events(after: "918273645546") { type } }', undefined],
])('%s is the fault of who wrote it, and no line of the log', async (_what, query, variables) => {
  const before = world.log.length
  const socket = await acknowledged(url, world.key)
  socket.subscribe('x', query, variables)
  const message = await eventually(() => {
    const found = socket.messages.find(({ id }) => id === 'x')
    if (found === undefined) throw new Error('no answer yet')
    return JSON.stringify(found)
  })
  expect(message).toContain('"code":"BAD_USER_INPUT"')
  socket.end()
  await socket.closed
  expect(world.log.slice(before).filter((line) => /"level":"(warn|error)"/.test(line))).toEqual([])
  expect(world.log.slice(before).join('')).not.toContain('918273645546')
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
