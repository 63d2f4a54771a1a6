import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectRedis, type RedisConnection } from './connect.ts'
import { defineScript } from './script.ts'

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

const echo = defineScript<[Buffer, Buffer]>(
  'local function twice(s) return s .. s end',
  'return { KEYS[1], twice(ARGV[1]) }',
)

test('a script is sent once, then known by its digest; bytes come back untouched', async () => {
  const bytes = Buffer.from([0, 255, 10, 13])
  const call = () => echo(redis, [bytes], [bytes])
  expect(await call()).toEqual([bytes, Buffer.concat([bytes, bytes])])
  expect(await Promise.all([call(), call()])).toHaveLength(2)
  await redis.script('FLUSH')
  expect(await call()).toEqual([bytes, Buffer.concat([bytes, bytes])])
})

test('a script error is the error of the call', async () => {
  await expect(defineScript('return redis.error_reply("NO such thing")')(redis, ['k'], [])).rejects.toThrow(
    'NO such thing',
  )
})

test('without a server a connection fails with one clear sentence', async () => {
  await expect(connectRedis('redis://:secret@127.0.0.1:1', { onError: () => {} })).rejects.toThrow(
    'Redis cannot be reached at redis://…@127.0.0.1:1.',
  )
})

test('arguments of any kind and number arrive as they were sent', async () => {
  const all = defineScript<Buffer[]>('return ARGV')
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
})
