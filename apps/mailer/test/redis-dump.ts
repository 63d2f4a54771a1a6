import type { RedisConnection } from '@emailauth/redis/connection/connect'

/** Everything in a test's Redis as text: keys and values. */
export async function dumpRedis(redis: RedisConnection): Promise<string> {
  const parts: string[] = []
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key)
    parts.push(key)
    if (type === 'hash') parts.push(...Object.entries(await redis.hgetall(key)).flat())
    else if (type === 'zset') parts.push(...(await redis.zrange(key, '0', '-1')))
    else if (type === 'list') parts.push(...(await redis.lrange(key, 0, -1)))
    else if (type === 'stream') parts.push(JSON.stringify(await redis.xrange(key, '-', '+')))
    else if (type === 'string') parts.push((await redis.get(key)) ?? '')
    else parts.push(JSON.stringify(await redis.smembers(key)))
  }
  return parts.join('\n')
}
