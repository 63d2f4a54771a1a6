import { connectRedis, type RedisConnection } from '@emailauth/redis/connection/connect'
import { startRedis } from '@emailauth/testing/redis'
import { afterAll, beforeEach } from 'vitest'

/** A connection to a Redis for the tests of one file, which finds it empty before each. */
export async function redisOfFile(): Promise<RedisConnection> {
  const server = await startRedis()
  const redis = await connectRedis(server.url, { onError: () => {} })
  beforeEach(async () => {
    await redis.flushall()
  })
  afterAll(async () => {
    redis.disconnect()
    await server.stop()
  })
  return redis
}
