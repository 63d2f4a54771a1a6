import { SESSION_IDLE_SECONDS } from '@emailauth/contracts/sessions'
import { eventually } from '@emailauth/testing/eventually'
import { redisCommand } from '@emailauth/testing/redis-command'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SOCKET_PARTS } from '../../src/graphql/graphql.routes.ts'
import { SOCKET_LIMITS } from '../../src/sockets/socket-limits.ts'
import { ask, startWorldOfOwnPersistence, type WorldOfOwnPersistence } from '../world.ts'
import { acknowledged, openSocket } from './hand-written-socket.ts'
import { follow } from './live-client.ts'

const LIMITS = {
  sockets: 6,
  socketsPerAddress: 5,
  handshakes: SOCKET_LIMITS.handshakes,
  socketsPerTenant: 3,
  socketsPerSession: 2,
  subscriptions: 5,
  subscriptionsPerTenant: 4,
  subscriptionsPerSession: 2,
  subscriptionsPerSocket: 3,
  beginnings: SOCKET_LIMITS.beginnings,
  messages: SOCKET_LIMITS.messages,
}

let world: WorldOfOwnPersistence
let url: string
let strict: FastifyInstance
let strictUrl: string
beforeAll(async () => {
  world = await startWorldOfOwnPersistence()
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
    handshakes: { most: 500, windowMs: 10_000 },
    socketsPerTenant: 200,
    socketsPerSession: 20,
    subscriptions: 4000,
    subscriptionsPerTenant: 400,
    subscriptionsPerSession: 100,
    subscriptionsPerSocket: 20,
    beginnings: { saved: 800, perSecond: 20 },
    messages: { saved: 1000, perSecond: 100 },
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
  await eventually(async () => expect(await leftMs()).toBeLessThan(3500))
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

test('a tenant has so many sockets, a session its own, an address and all of them theirs', async () => {
  const at = (ip: string) => ({ 'x-forwarded-for': ip })
  const refused = async (headers: Record<string, string>, key?: string) => {
    const socket = await openSocket(strictUrl, headers)
    socket.begin(key)
    return socket.closed
  }
  const keys = await Promise.all([1, 2, 3].map(() => acknowledged(strictUrl, world.key, at('192.0.2.1'))))
  expect(await refused(at('192.0.2.1'), world.key)).toEqual({
    code: 4429,
    reason: 'A tenant may have 3 sockets.',
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

test('a socket, a tenant and all together have so many subscriptions', async () => {
  await eventually(async () => (await acknowledged(strictUrl, world.key)).end())
  const [first, second] = [await acknowledged(strictUrl, world.key), await acknowledged(strictUrl, world.key)]
  for (const id of ['a', 'b', 'c', 'd']) first.subscribe(id)
  const [tooMany] = (await first.answered('error', 'd')).payload ?? []
  expect(tooMany).toEqual({
    message: 'A socket may have 3 subscriptions.',
    extensions: { code: 'BAD_USER_INPUT' },
  })
  for (const id of ['e', 'f']) second.subscribe(id)
  // Others have them, which may end, so a program that follows events goes on trying.
  expect((await second.answered('error', 'f')).payload).toEqual([
    {
      message: 'A tenant may have 4 subscriptions.',
      extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 },
    },
  ])
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
