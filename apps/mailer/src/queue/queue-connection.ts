import { parseRedisUrl } from '@emailauth/redis/connect'
import { tolerateHiddenInfo } from '@emailauth/redis/hidden-info'
import { isReadOnly } from '@emailauth/redis/read-only'
import { Cluster, Redis } from 'ioredis'

/** What BullMQ reads where a server hides its version. */
const ASSUMED = 'redis_version:7.0.0\r\n'

/** BullMQ's blocking commands wait without limit, so they need a connection of their own. */
export function connectForQueue(
  redisUrl: string,
  options: { enableOfflineQueue?: boolean; maxRetriesPerRequest: number | null },
  onError: (error: Error) => void,
): Redis | Cluster {
  const address = parseRedisUrl(redisUrl)
  const retryStrategy = (attempt: number) => Math.min(50 * attempt, 1000)
  const redisOptions = {
    ...address.options,
    ...options,
    replyMapping: 'legacy' as const,
    retryStrategy,
    // The server has become a replica. Its name leads to the new master, but an open connection does not.
    reconnectOnError: isReadOnly,
  }
  const redis =
    address.kind === 'cluster'
      ? new Cluster(address.nodes, { redisOptions, clusterRetryStrategy: retryStrategy })
      : new Redis(redisOptions)
  tolerateHiddenInfo(redis, ASSUMED)
  redis.on('error', onError)
  return redis
}
