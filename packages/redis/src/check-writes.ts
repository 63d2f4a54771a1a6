import type { RedisConnection } from './connection.ts'

/** So long a key of a check lives that nobody repeats. */
const LIFE_MS = 60_000

/**
 * Checks that Redis accepts writes. A full one, one that has become a replica, and one that misses its
 * replicas or its disk still answer PING.
 * @param key one of its own; it expires.
 * @throws {Error} the reply (READONLY, OOM, NOREPLICAS, MISCONF …), or that there was none.
 */
export async function checkWrites(redis: RedisConnection, key: string): Promise<void> {
  await redis.set(key, '', 'PX', LIFE_MS)
}
