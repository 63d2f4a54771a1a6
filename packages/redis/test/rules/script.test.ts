import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectRedis, type RedisConnection } from '../../src/connection/connect.ts'
import { defineScript } from '../../src/rules/script.ts'

const scriptOf = <Reply>(...parts: readonly string[]) => defineScript(parts, (reply: Reply) => reply)

let server: TestRedis
let redis: RedisConnection
beforeAll(async () => {
  server = await startRedis()
  redis = await connectRedis(server.url, { onError: () => {} })
})
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
})

const echo = scriptOf<[Buffer, Buffer]>(
  'local function twice(s) return s .. s end',
  'return { KEYS[1], twice(ARGV[1]) }',
)

test('a script is sent once, then known by its digest; bytes come back untouched', async () => {
  const bytes = Buffer.from([0, 255, 10, 13])
  const call = () => echo(redis, ['key'], [bytes])
  expect(await call()).toEqual([Buffer.from('key'), Buffer.concat([bytes, bytes])])
  expect(await Promise.all([call(), call()])).toHaveLength(2)
  await redis.script('FLUSH')
  expect(await call()).toEqual([Buffer.from('key'), Buffer.concat([bytes, bytes])])
})

test('whatever a value needs in bytes, it arrives whole, and so does the next', async () => {
  const all = scriptOf<Buffer[]>('return ARGV')
  const values = ['', 'ü€😀'.repeat(1000), '\ud800', -1 / 3e300, 2 ** 53 - 1, 0, Buffer.alloc(0), 'end']
  const [first, second] = await Promise.all([all(redis, ['k'], values), all(redis, ['k'], values)])
  expect(first).toEqual(values.map((value) => Buffer.from(typeof value === 'object' ? value : String(value))))
  expect(second).toEqual(first)
})

test('a script error is the error of the call', async () => {
  await expect(
    scriptOf<unknown>('return redis.error_reply("NO such thing")')(redis, ['k'], []),
  ).rejects.toThrow('NO such thing')
})

test('calls of one turn with the same keys travel together, and each has its own reply or error', async () => {
  const step = scriptOf<number | Buffer>(`
    if ARGV[1] == 'error' then return redis.error_reply('NO ' .. ARGV[2]) end
    if ARGV[1] == 'fault' then return redis.call('GET') end
    if ARGV[1] == 'bug' then return nothing.at_all end
    if ARGV[1] == 'none' then return end
    return redis.call('INCRBY', KEYS[1], ARGV[2])
  `)
  const before = await commandsRun()
  const calls = [
    ['add', 1],
    ['error', 'such thing'],
    ['add', 2],
    ['fault', ''],
    ['bug', ''],
    ['none', ''],
  ]
  const outcomes = await Promise.allSettled([
    ...calls.map((args) => step(redis, ['a'], args)),
    step(redis, ['b'], ['add', 5]),
  ])
  expect(outcomes.map((outcome) => ('value' in outcome ? outcome.value : String(outcome.reason)))).toEqual([
    1,
    expect.stringContaining('NO such thing'),
    3,
    expect.stringContaining('Wrong number of args'),
    expect.stringContaining("global variable 'nothing'"),
    null,
    5,
  ])
  // EVALSHA for each key, and EVAL after each NOSCRIPT.
  expect((await commandsRun()) - before).toBe(4)
})

test('a great many calls of one turn come in order, in more than one run', async () => {
  const append = scriptOf<number>("return redis.call('RPUSH', KEYS[1], ARGV[1])")
  const order = Array.from({ length: 1000 }, (_, i) => i)
  expect(await Promise.all(order.map((i) => append(redis, ['order'], [i])))).toEqual(order.map((i) => i + 1))
  expect(await redis.lrange('order', 0, -1)).toEqual(order.map(String))
})

async function commandsRun(): Promise<number> {
  const stats = await redis.info('commandstats')
  const calls = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].map(([, count]) => Number(count))
  return calls.reduce((sum, count) => sum + count, 0)
}

test('without a server a connection fails with one clear sentence', async () => {
  await expect(connectRedis('redis://:secret@127.0.0.1:1', { onError: () => {} })).rejects.toThrow(
    'Redis cannot be reached at redis://…@127.0.0.1:1.',
  )
})

test('arguments of any kind and number arrive as they were sent', async () => {
  const all = scriptOf<Buffer[]>('return ARGV')
  const args = [
    '',
    'text',
    'ünïcode ✓',
    Buffer.alloc(0),
    Buffer.from([0, 13, 10, 255]),
    0,
    1.5,
    -3,
    'x'.repeat(100_000),
  ]
  const bytes = args.map((arg) => (Buffer.isBuffer(arg) ? arg : Buffer.from(String(arg))))
  expect(await all(redis, ['k'], args)).toEqual(bytes)
  expect(await all(redis, ['k'], [])).toEqual([])
  for (const count of [99, 100, 101, 200, 1001]) {
    const many = Array.from({ length: count }, (_, i) => String(i))
    expect((await all(redis, ['k'], many)).map(String)).toEqual(many)
  }
})

test('an error after all calls is the error of each, with its code', async () => {
  const failing = (fault: string) => scriptOf<Buffer>(`after_all = function() ${fault} end`, 'return ARGV[1]')
  for (const [fault, message] of [
    ["redis.call('LPUSH', KEYS[1] .. 'text', '1')", 'WRONGTYPE'],
    ["error({ err = 'OOM command not allowed' })", 'OOM command not allowed'],
    ['error("no such step")', 'no such step'],
  ] as const) {
    await redis.set('k:text', 'not a list')
    const step = failing(fault)
    const replies = await Promise.allSettled(['a', 'b'].map((text) => step(redis, ['k:'], [text])))
    for (const reply of replies)
      expect(reply).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringContaining(message) },
      })
  }
})

test('an error before a call is the error of that call alone', async () => {
  const checked = scriptOf<Buffer>(
    "before_each = function() if ARGV[1] == 'bad' then error('refused') end end",
    'return ARGV[1]',
  )
  const [good, bad] = await Promise.allSettled(['good', 'bad'].map((text) => checked(redis, ['k'], [text])))
  expect(good).toEqual({ status: 'fulfilled', value: Buffer.from('good') })
  expect(bad).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('refused') } })
})
