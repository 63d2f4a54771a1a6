import { Cluster } from 'ioredis'
import type { RedisConnection } from './connection/connection.ts'

/** About how many keys one SCAN looks at. */
const STEP = 1000

/**
 * Keys that match a pattern, in bounded steps, on every master of a Cluster. Keys that exist all the while
 * are found; a key may come twice.
 */
export async function* scanKeys(
  redis: RedisConnection,
  pattern: string,
): AsyncGenerator<readonly Buffer[], void, undefined> {
  for (const node of redis instanceof Cluster ? redis.nodes('master') : [redis]) {
    let cursor = '0'
    do {
      const [next, keys] = await node.scanBuffer(cursor, 'MATCH', pattern, 'COUNT', STEP)
      cursor = String(next)
      yield keys
    } while (cursor !== '0')
  }
}
