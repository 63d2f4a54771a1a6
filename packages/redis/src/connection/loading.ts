import type { Redis } from 'ioredis'
import type { RedisConnection } from './connection.ts'
import { infoCommandOf } from './ioredis-internals.ts'

/**
 * How often a server that loads its data is asked whether it has. With the default of ioredis calls would
 * fail for up to 10 s longer.
 */
export const LOADING_POLL_MS = 1000

/** Redis reads its files after a start. It takes connections by then, and answers INFO alone. */
export class LoadingRedisError extends Error {
  constructor(percent: string | undefined) {
    const soFar = percent === undefined ? '' : ` (${Math.floor(Number(percent))} %)`
    super(
      `Redis is loading its data${soFar}; it takes calls when it has all of it. A restart would begin anew`,
    )
  }
}

const faults = new WeakMap<RedisConnection, LoadingRedisError>()

/** What the last INFO said, if it was that Redis loads its data. */
export function loadingFault(redis: RedisConnection): LoadingRedisError | undefined {
  return faults.get(redis)
}

/**
 * Reports a server that loads its data, each time that ioredis asks. Otherwise no error says so: ioredis is
 * connecting all that time.
 */
export function watchLoading(redis: Redis, onLoading: (error: Error) => void): void {
  const connection = infoCommandOf(redis)
  const info = connection.info.bind(redis)
  const read = (text: string) => {
    if (!/^loading:1\b/m.test(text)) return
    const fault = new LoadingRedisError(/^loading_loaded_perc:([\d.]+)/m.exec(text)?.[1])
    faults.set(redis, fault)
    onLoading(fault)
  }
  connection.info = (...args) => {
    const reply = info(...args)
    reply.then(read, () => {})
    return reply
  }
  for (const event of ['ready', 'close']) redis.on(event, () => void faults.delete(redis))
}
