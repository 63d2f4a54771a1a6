import type { RedisConnection } from '@emailauth/redis/connect'
import { remainingTimeoutMs } from '@emailauth/redis/ioredis-internals'
import type { ScriptValue } from '@emailauth/redis/script'
import type { RedisClock } from './redis-clock.ts'

/**
 * Deadline in Redis time, in ms. After it a script must not write, because the caller here or at the gateway has
 * timed out. It is a script's last argument; '' means no deadline.
 * @param given the gateway's deadline, if it gave one.
 */
export type Deadline = (given: number | undefined) => ScriptValue | Promise<ScriptValue>

/** So far may the two clocks drift apart between two readings. */
const DRIFT_MS = 20

export function createDeadline(redis: RedisConnection, clock: RedisClock): Deadline {
  const earlier = (now: number, given: number | undefined) =>
    Math.floor(Math.min(now + remainingTimeoutMs(redis) - DRIFT_MS, given ?? Number.POSITIVE_INFINITY))
  return (given) => {
    const now = clock.atLeast()
    return now === undefined ? clock.known().then((known) => earlier(known, given)) : earlier(now, given)
  }
}

/** For tests whose clock stands still: only what is given counts. */
export const onlyGiven: Deadline = (given) => given ?? ''
