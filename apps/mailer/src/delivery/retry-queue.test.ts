import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRetryQueue, type RetryQueue } from './retry-queue.ts'

let redis: TestRedis
let queue: RetryQueue
beforeEach(async () => {
  redis = await startRedis()
  queue = createRetryQueue(redis.url, undefined, Date.now)
})
afterEach(async () => {
  await queue?.stop()
  await queue?.close()
  await redis?.stop()
})

test('five messages are tried first when a server may be back', async () => {
  const ids = Array.from({ length: 60 }, (_, n) => `demo.${n}`)
  const inAnHourMs = Date.now() + 3_600_000
  await Promise.all(ids.map((id) => queue.add({ identityId: id, messageId: id }, inAnHourMs)))
  await queue.promote('few')
  expect(await redisCommand(redis.port, 'ZCARD', '{ea:mail}:retry:delayed')).toBe('55')
})
