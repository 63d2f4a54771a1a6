import { connectRedis, type RedisConnection } from '@emailauth/redis/connect'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keyRing } from '../../test/running-mailer.ts'
import { createTestMailLimit } from './test-mail-limit.ts'

let server: TestRedis
let redis: RedisConnection
beforeEach(async () => {
  server = await startRedis()
  redis = await connectRedis(server.url, { onError: () => {} })
})
afterEach(async () => {
  redis?.disconnect()
  await server?.stop()
})

test('an address is counted by what mailers of other versions count it by: 18 bytes as base64url', async () => {
  expect(await createTestMailLimit(redis, keyRing)('demo', 'ada@example.com')).toBe(0)
  const keys = (await redis.keys('*')).sort()
  expect(keys).toEqual([
    'ea:mail:{test:demo}:all',
    expect.stringMatching(/^ea:mail:\{test:demo\}:to:[\w-]{24}$/),
  ])
})
