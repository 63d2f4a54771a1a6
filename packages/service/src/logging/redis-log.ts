import type { Logger } from './logger.ts'
import { createTroubleLog, type TroubleLog } from './trouble-log.ts'

/**
 * The log of a connection to Redis: `fault` at each of its errors, `well` when it is ready.
 * @param use what the connection is for, as in "for reads".
 */
export function createRedisLog(logger: Pick<Logger, 'warn' | 'info'>, use: string): TroubleLog {
  return createTroubleLog(logger, {
    trouble: `the connection to Redis ${use} fails, and is made again until it holds: look at the server, and at EMAILAUTH_REDIS_URL`,
    over: `the connection to Redis ${use} holds`,
  })
}
