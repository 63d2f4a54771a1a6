import type { RedisConnection } from '@emailauth/redis/connect'
import type { ScriptValue } from '@emailauth/redis/script'
import { Cluster } from 'ioredis'
import type { RedisClock } from './redis-clock.ts'

/**
 * The moment of Redis's clock from which on a rule that is sent now must not write any more: its caller has given up by then, here or at
 * the gateway, whichever is sooner. A script's last argument; '' is no such moment.
 * @param given the gateway's moment, if it gave one.
 */
export type NotAfter = (given: number | undefined) => ScriptValue | Promise<ScriptValue>

/** So far may the two clocks drift apart between two readings. */
const DRIFT_MS = 20

export function createNotAfter(redis: RedisConnection, clock: RedisClock): NotAfter {
  const timeoutMs = patienceOf(redis) - DRIFT_MS
  const earlier = (now: number, given: number | undefined) =>
    Math.floor(Math.min(now + timeoutMs, given ?? Number.POSITIVE_INFINITY))
  return (given) => {
    const now = clock.atLeast()
    return now === undefined ? clock.known().then((known) => earlier(known, given)) : earlier(now, given)
  }
}

/** For tests whose clock stands still: only what is given counts. */
export const onlyGiven: NotAfter = (given) => given ?? ''

/** So many ms without a word from Redis, and its connection is given up with all calls on it. */
function patienceOf(redis: RedisConnection): number {
  const options = redis instanceof Cluster ? redis.options.redisOptions : redis.options
  if (options?.socketTimeout === undefined) throw new Error('A connection without a time-out.')
  return options.socketTimeout
}
