import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import type { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'

/** Does the same as ioredis when the Sentinels name another master. */
const asAfterFailover = (redis: Redis) =>
  (redis as unknown as { connector: { disconnect(): void } }).connector.disconnect()

/** Not `once` of node:events, which rejects at an `error` event. */
const endOf = (redis: Redis) => new Promise<void>((resolve) => redis.once('end', resolve))

test('a connection that ends while the next one is being looked for connects again; one that the caller ended does not', async () => {
  const server = await startRedis()
  const redis = (await connectRedis(server.url, { onError: () => {} })) as Redis
  try {
    redis.once('connecting', () => asAfterFailover(redis))
    const ended = endOf(redis)
    asAfterFailover(redis)
    await ended
    await eventually(async () => expect(await redis.ping()).toBe('PONG'))
    const over = endOf(redis)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    redis.disconnect()
    await over
    vi.runAllTimers()
    expect(redis.status).toBe('end')
  } finally {
    vi.useRealTimers()
    redis.disconnect()
    await server.stop()
  }
})
