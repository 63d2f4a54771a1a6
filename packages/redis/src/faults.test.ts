import { startRedis } from '@emailauth/testing/redis'
import { expect, test } from 'vitest'
import { connectRedis } from './connect.ts'
import { isRedisUnavailable } from './faults.ts'
import { defineScript } from './script.ts'

const write = defineScript<string>("return redis.call('SET', KEYS[1], ARGV[1])")
const fault = async (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  )

test('a full, a stalled, a read-only and a dead Redis are unavailable; a wrong command is our own fault', async () => {
  const server = await startRedis()
  const redis = await connectRedis(server.url, { onError: () => {}, commandTimeoutMs: 100 })
  try {
    await redis.config('SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction')
    expect(isRedisUnavailable(await fault(redis.set('k', 'v')))).toBe(true)
    expect(isRedisUnavailable(await fault(write(redis, ['k'], ['v'])))).toBe(true)
    await redis.config('SET', 'maxmemory', '0')
    expect(isRedisUnavailable(await fault(redis.lpush('k', 'v').then(() => redis.get('k'))))).toBe(false)
    process.kill(server.pid, 'SIGSTOP')
    expect(isRedisUnavailable(await fault(redis.ping()))).toBe(true)
    process.kill(server.pid, 'SIGCONT')
    await server.kill()
    expect(isRedisUnavailable(await fault(redis.ping()))).toBe(true)
  } finally {
    redis.disconnect()
    await server.stop()
  }
})
