import { Redis } from 'ioredis'
import { codeWordOf } from '../faults.ts'
import type { RedisConnection } from './connection.ts'

/** Least time between two reconnects, because the name may lead to the same server for a while. */
const PAUSE_MS = 500

const reconnectedAt = new WeakMap<RedisConnection, number>()

/** Whether a reply says that this server, which was a master, is now a replica. */
export function isReadOnly(reply: unknown): boolean {
  return reply instanceof Error && codeWordOf(reply) === 'READONLY'
}

/**
 * Reconnects when a reply says that the server has become a replica. The name or the Sentinels lead to the
 * new master, but an open connection would get READONLY for ever. A Cluster refreshes its slots by itself.
 */
export function leaveReplica(redis: RedisConnection, replies: readonly unknown[]): void {
  if (!(redis instanceof Redis) || !replies.some(isReadOnly)) return
  const now = performance.now()
  if (now - (reconnectedAt.get(redis) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) return
  reconnectedAt.set(redis, now)
  redis.disconnect(true)
}
