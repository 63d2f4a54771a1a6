import { connectRedis, type RedisConnection } from '@emailauth/redis/connection/connect'

/** Connects as a command does: somebody waits for it, and must not wait long for a Redis that hangs. */
export const connectToRedis = (url: string): Promise<RedisConnection> =>
  connectRedis(url, { onError: () => {}, commandTimeoutMs: 2000 })
