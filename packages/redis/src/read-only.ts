import { Redis } from 'ioredis'
import type { RedisConnection } from './connection.ts'
import { codeWordOf } from './faults.ts'

/** After one reconnect the next is due at the earliest after so long: the name may lead to the same server for a while. */
const PAUSE_MS = 500

const reconnectedAt = new WeakMap<RedisConnection, number>()

/** Whether a reply says that this server is a replica: it was a master when we connected. */
export function isReadOnly(reply: unknown): boolean {
  return reply instanceof Error && codeWordOf(reply) === 'READONLY'
}

/**
 * Connects anew when a reply says that the server has become a replica. The name, or the Sentinels, lead to the new master by now; a connection
 * that lives on would get READONLY for ever. A Cluster reads its slots anew by itself.
 */
export function leaveReplica(redis: RedisConnection, replies: readonly unknown[]): void {
  if (!(redis instanceof Redis) || !replies.some(isReadOnly)) return
  const now = performance.now()
  if (now - (reconnectedAt.get(redis) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) return
  reconnectedAt.set(redis, now)
  redis.disconnect(true)
}
