import type { RedisConnection } from './connection/connection.ts'
import { loadingFault } from './connection/loading.ts'
import { codeWordOf } from './faults.ts'

/** Life of a check's key if no check repeats it. */
const LIFE_MS = 60_000

/** What the operator should look at, by the code of the reply. */
const MEANING: Readonly<Record<string, string>> = {
  OOM: 'its memory is full; give it more (maxmemory), or find out what fills it',
  READONLY: 'it is a replica; look where EMAILAUTH_REDIS_URL leads',
  NOREPLICAS: 'too few replicas are connected to it (min-replicas-to-write)',
  MISCONF: 'it cannot save to its disk; its own log says why',
  NOPERM: 'its user may not write; compare the user with docs/deployment/redis.md',
}

/**
 * Checks that Redis accepts writes. A full one, one that has become a replica, and one that misses its
 * replicas or its disk still answer PING.
 * @param key one of its own; it expires.
 * @throws {Error} the reply (READONLY, OOM, NOREPLICAS, MISCONF …), or that there was none.
 *   Where the reply is known, the message says what to look at.
 */
export async function checkWrites(redis: RedisConnection, key: string): Promise<void> {
  try {
    await redis.set(key, '', 'PX', LIFE_MS)
  } catch (cause) {
    const loading = loadingFault(redis)
    if (loading !== undefined) throw loading
    const meaning = cause instanceof Error ? MEANING[codeWordOf(cause)] : undefined
    if (meaning === undefined || !(cause instanceof Error)) throw cause
    throw new Error(`Redis takes no writes: ${meaning}. It said: ${cause.message}`, { cause })
  }
}
