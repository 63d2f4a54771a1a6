import { closeForGood } from '@emailauth/redis/connection/close-for-good'
import { dnsLookupBy } from '@emailauth/redis/connection/cluster'
import { askingSentinels, connectMsOf, reconnectDelay } from '@emailauth/redis/connection/connect'
import { connectorBy, sentinelConnectorBy } from '@emailauth/redis/connection/connect-by'
import { tolerateHiddenInfo } from '@emailauth/redis/connection/hidden-info'
import { LOADING_POLL_MS } from '@emailauth/redis/connection/loading'
import { readBeforeTimeouts } from '@emailauth/redis/connection/read-before-timeouts'
import { isReadOnly } from '@emailauth/redis/connection/read-only'
import { parseRedisUrl, type RedisAddress } from '@emailauth/redis/connection/redis-url'
import { watchSlots } from '@emailauth/redis/connection/watch-slots'
import { knownNames } from '@emailauth/service/config/known-names'
import { Cluster, Redis } from 'ioredis'

/** What BullMQ reads where a server hides its version. */
const ASSUMED = 'redis_version:7.0.0\r\n'

export interface QueueConnectionOptions {
  readonly enableOfflineQueue?: boolean
  readonly maxRetriesPerRequest: number | null
  /** A command without a reply fails after this time. It may have taken effect. */
  readonly commandTimeout?: number
  /** A connection on which a command waits is closed after this time without a byte. */
  readonly socketTimeout: number
}

/**
 * BullMQ's blocking commands wait long, so they need a connection of their own. Without a time-out a
 * connection to a host that is gone would hold its commands for ever.
 */
export function connectForQueue(
  redisUrl: string,
  options: QueueConnectionOptions,
  onError: (error: Error) => void,
): Redis | Cluster {
  const address = parseRedisUrl(redisUrl)
  const lookup = knownNames.lookupWithin(connectMsOf(address))
  const redisOptions = {
    ...address.options,
    ...options,
    replyMapping: 'legacy' as const,
    connectTimeout: connectMsOf(address),
    maxLoadingRetryTime: LOADING_POLL_MS,
    retryStrategy: reconnectDelay,
    // The server has become a replica. Its name leads to the new master, but an open connection does not.
    reconnectOnError: isReadOnly,
    ...(address.kind === 'sentinel'
      ? { ...askingSentinels, Connector: sentinelConnectorBy(lookup) }
      : { Connector: connectorBy(lookup) }),
  }
  const redis =
    address.kind === 'cluster'
      ? new Cluster(address.nodes, {
          redisOptions,
          ...dnsLookupBy(lookup),
          clusterRetryStrategy: reconnectDelay,
          // watchSlots does it at far less cost.
          slotsRefreshInterval: 0,
        })
      : new Redis(redisOptions)
  tolerateHiddenInfo(redis, ASSUMED)
  prepare(redis, address, false)
  redis.on('error', onError)
  return redis
}

function prepare(redis: Redis | Cluster, address: RedisAddress, mayBlock: boolean): void {
  closeForGood(redis)
  if (redis instanceof Cluster) redis.on('+node', readBeforeTimeouts)
  else readBeforeTimeouts(redis)
  if (redis instanceof Cluster && address.kind === 'cluster') watchSlots(redis, address.nodes, mayBlock)
}

/** Lets copies of a connection, which BullMQ makes for its blocking commands, be silent for longer. */
export function copiesMayBlock(redis: Redis | Cluster, redisUrl: string, socketTimeout: number): void {
  const address = parseRedisUrl(redisUrl)
  if (redis instanceof Cluster) {
    const duplicate = redis.duplicate.bind(redis)
    redis.duplicate = (nodes, options) => {
      const copy = duplicate(nodes, {
        ...options,
        redisOptions: { ...options?.redisOptions, socketTimeout },
      })
      prepare(copy, address, true)
      return copy
    }
    return
  }
  const duplicate = redis.duplicate.bind(redis)
  redis.duplicate = (options) => {
    const copy = duplicate({ ...options, socketTimeout })
    prepare(copy, address, true)
    return copy
  }
}
