import { Cluster } from 'ioredis'
import type { RedisConnection } from './connection.ts'

/** The first Redis with SET … PXAT, ZRANGE … BYSCORE and XTRIM … MINID. Every Valkey has them. */
export const LEAST_REDIS_VERSION = '6.2'

/** The server is too old to work with. */
export class OldRedisError extends Error {
  override readonly name = 'OldRedisError'
}

/** Whether a version is older than another; false where it is not written in numbers. */
export function isOlder(version: string, than: string): boolean {
  const [own, other] = [version, than].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)))
  for (const [at, part] of (other ?? []).entries()) {
    const mine = own?.[at] ?? 0
    if (Number.isNaN(mine)) return false
    if (mine !== part) return mine < part
  }
  return false
}

/** The Redis version in a reply of INFO. Valkey writes the one that it is compatible with. */
export function redisVersionIn(info: string): string | undefined {
  return /^redis_version:(\S+)/m.exec(info)?.[1]
}

/**
 * Requires that every master is new enough. One that hides its version, or does not answer now, passes.
 * @throws {OldRedisError}
 */
export async function requireVersion(redis: RedisConnection, address: string): Promise<void> {
  const masters = redis instanceof Cluster ? redis.nodes('master') : [redis]
  for (const master of masters) {
    const version = redisVersionIn(await master.info('server').catch(() => ''))
    if (version !== undefined && isOlder(version, LEAST_REDIS_VERSION))
      throw new OldRedisError(
        `Redis at ${address} is ${version}; emailauth needs Redis ${LEAST_REDIS_VERSION} or newer, or Valkey.`,
      )
  }
}
