import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { remainingTimeoutMs } from '@emailauth/redis/connection/ioredis-internals'
import type { ScriptValue } from '@emailauth/redis/rules/script'
import type { RedisClock } from './redis-clock.ts'

/**
 * Deadline in Redis time, in ms. It is the last argument of a script. After it the script must not write,
 * because the caller here or at the gateway has timed out. '' means no deadline.
 * @param given the gateway's deadline, if it gave one.
 */
export type Deadline = (given: number | undefined) => ScriptValue | Promise<ScriptValue>

/** Bound on the drift between the two clocks from one reading to the next. */
const DRIFT_MS = 20

export function createDeadline(redis: RedisConnection, clock: RedisClock): Deadline {
  const earlier = (now: number, given: number | undefined) =>
    Math.floor(Math.min(now + remainingTimeoutMs(redis) - DRIFT_MS, given ?? Number.POSITIVE_INFINITY))
  return (given) => {
    const now = clock.atLeast()
    return now === undefined ? clock.known().then((known) => earlier(known, given)) : earlier(now, given)
  }
}

/** For tests with their own clock. Only a given deadline counts. */
export const onlyGiven: Deadline = (given) => given ?? ''
