import { startRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openAsMain } from '../opened.ts'

test('calls wait 1 s for Redis, reads 1.5 s, notifications 1.5 s longer than they block, and replicas are waited for 300 ms', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const connecting = vi.spyOn(Redis.prototype, 'connect')
  const service = await openAsMain(redis.url, { EMAILAUTH_REDIS_REPLICAS: '1' })
  onTestFinished(() => service.close())
  // A connection without a byte for socketTimeout is closed, and all that waits on it fails. What an earlier
  // test leaves behind may connect meanwhile, to a Redis of its own.
  const timeouts = connecting.mock.contexts
    .map((connection) => (connection as Redis).options)
    .filter(({ port }) => port === redis.port)
    .map(({ socketTimeout }) => Number(socketTimeout))
  expect(timeouts.toSorted((a, b) => a - b)).toEqual([1000, 1500, 6500])

  const waiting = vi.spyOn(Redis.prototype, 'wait')
  const ready = await service.app.inject('/readyz')
  expect([ready.statusCode, ...waiting.mock.calls]).toEqual([503, [1, 300]])
  expect(await redisCommand(redis.port, 'info', 'commandstats')).toContain('cmdstat_wait:calls=1,')
})
