import type { LookupFunction } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Cluster, Redis } from 'ioredis'
import { isAboutCertificate } from '../certificate-fault.ts'
import { closeForGood, isClosed } from './close-for-good.ts'
import { createCluster, mastersReady } from './cluster.ts'
import { connectorBy, sentinelConnectorBy } from './connect-by.ts'
import type { RedisConnection } from './connection.ts'
import { tolerateHiddenInfo } from './hidden-info.ts'
import { watchSocketTimeout } from './ioredis-internals.ts'
import { LOADING_POLL_MS, loadingFault, watchLoading } from './loading.ts'
import { readBeforeTimeouts } from './read-before-timeouts.ts'
import { isReadOnly } from './read-only.ts'
import { parseRedisUrl, type RedisAddress } from './redis-url.ts'
import { requireVersion } from './server-version.ts'
import { SilentRedisError } from './silent-redis.ts'
import { withoutPassword } from './without-password.ts'

export type { RedisConnection }

export interface ConnectOptions {
  /** Called for every connection error. ioredis reconnects by itself. */
  readonly onError: (error: Error) => void
  /** A command without a reply fails after this time. It may have taken effect. Default: 1 s. */
  readonly commandTimeoutMs?: number
  /**
   * Sends scripts at once, while others still wait for their replies, so that Redis is never idle. The caller
   * must make sure that a script does no harm when it runs after the connection was closed ({@link
   * remainingTimeoutMs}). Not on a Cluster. Default: ioredis sends calls after the replies to earlier ones.
   */
  readonly scriptsAtOnce?: boolean
  /** Commands that block will be sent, so that others wait behind them. Default: false. */
  readonly mayBlock?: boolean
  /** With `rediss://`: certificates (PEM) of the authorities to trust instead of Node's. */
  readonly ca?: string
  /**
   * How names of servers and Sentinels are found, by connections with this time-out in ms. Default: by the
   * system.
   */
  readonly lookupWithin?: (ms: number) => LookupFunction
}

/**
 * A call times out this long after its connection. If it were before, later calls would use a dead
 * connection.
 */
const AFTER_SOCKET_MS = 50
/**
 * A Redis that is silent for longer counts as dead. On a busy machine a live one may get no CPU for some
 * hundred ms, and giving it up fails all calls on its connection with an unknown outcome.
 */
const COMMAND_MS = 1000
/** A server that does not take a connection within this time is asked again. */
const CONNECT_MS = 2000
/** How long a start waits for its first connection. */
const START_MS = 5000

/**
 * Connects and waits until the first command can be sent.
 *
 * The connection never queues a command. Without a live connection a command fails at once, and a command
 * whose reply was lost is not repeated. Otherwise a write could happen after it was reported as failed.
 * @throws {OldRedisError} the server is too old.
 * @throws {LoadingRedisError} it has been started and reads its files.
 * @throws {SilentRedisError} it does not answer now.
 * @throws {Error} it cannot be reached.
 */
export async function connectRedis(
  url: string,
  {
    onError,
    commandTimeoutMs = COMMAND_MS,
    scriptsAtOnce = false,
    mayBlock = false,
    ca,
    lookupWithin,
  }: ConnectOptions,
): Promise<RedisConnection> {
  const address = parseRedisUrl(url)
  const lookup = lookupWithin?.(connectMsOf(address))
  const options = {
    ...address.options,
    ...(ca === undefined || address.options.tls === undefined ? {} : { tls: { ca } }),
    ...(ca === undefined || address.options.sentinelTLS === undefined ? {} : { sentinelTLS: { ca } }),
    replyMapping: 'legacy' as const,
    lazyConnect: true,
    enableAutoPipelining: true,
    ...(scriptsAtOnce && address.kind !== 'cluster' ? { autoPipeliningIgnoredCommands: ['evalsha'] } : {}),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs + AFTER_SOCKET_MS,
    // A connection without a byte for the time of one call is closed, and all calls on it fail.
    socketTimeout: commandTimeoutMs,
    connectTimeout: connectMsOf(address),
    maxLoadingRetryTime: LOADING_POLL_MS,
    retryStrategy: reconnectDelay,
    // This master has become a replica, so reconnect to find the new one. The command itself is not repeated.
    reconnectOnError: isReadOnly,
    ...(address.kind === 'sentinel' ? sentinelOptions : {}),
    ...(lookup === undefined
      ? {}
      : { Connector: address.kind === 'sentinel' ? sentinelConnectorBy(lookup) : connectorBy(lookup) }),
  }
  const redis =
    address.kind === 'cluster'
      ? createCluster({
          nodes: address.nodes,
          redisOptions: options,
          retryDelay: reconnectDelay,
          onError,
          mayBlock,
          lookup,
        })
      : new Redis(options)
  let last: Error | undefined
  redis.on('error', (error: Error) => {
    last = error
    onError(error)
  })
  closeForGood(redis)
  if (redis instanceof Redis) {
    comeBack(redis)
    tolerateHiddenInfo(redis)
    watchLoading(redis, onError)
    readBeforeTimeouts(redis)
    watchSocketTimeout(redis)
  }
  try {
    await withinConnectTime(redis.connect())
    if (redis instanceof Cluster) await mastersReady(redis)
  } catch (cause) {
    const loading = loadingFault(redis)
    redis.disconnect()
    throw loading ?? connectFault(url, last, cause)
  }
  try {
    await requireVersion(redis, withoutPassword(url))
  } catch (error) {
    redis.disconnect()
    throw error
  }
  return redis
}

/**
 * Why there is no connection. ioredis rejects with "Connection is closed.", and reports the reason before.
 * Node's TLS says what is wrong with a certificate, such as that it has expired.
 */
function connectFault(url: string, last: Error | undefined, cause: unknown): Error {
  if (last?.message.startsWith('Socket timeout')) return new SilentRedisError(url, cause)
  const reason = last !== undefined && isAboutCertificate(last.message) ? `: ${last.message}` : ''
  return new Error(`Redis cannot be reached at ${withoutPassword(url)}${reason}.`, { cause })
}

/** ioredis retries unreachable Sentinels for ever. That is right for a reconnect and wrong for a start. */
async function withinConnectTime(connecting: Promise<void>): Promise<void> {
  const timeout = new AbortController()
  const late = wait(START_MS, undefined, { ref: false, signal: timeout.signal }).then(() => {
    throw new Error(`No connection within ${START_MS} ms.`)
  })
  try {
    await Promise.race([connecting, late])
  } finally {
    timeout.abort()
  }
}

/**
 * How Sentinels are asked: one that does not reply is skipped. The connectTimeout is also that of the master.
 * Until the failover they name one that may be cut off, and the new one is asked for only after it.
 */
export const askingSentinels = {
  connectTimeout: 1000,
  sentinelCommandTimeout: 1000,
  sentinelRetryStrategy: reconnectDelay,
}

/** The time-out of each connection to this address. */
export function connectMsOf({ kind }: Pick<RedisAddress, 'kind'>): number {
  return kind === 'sentinel' ? askingSentinels.connectTimeout : CONNECT_MS
}

/** Additional options for Sentinels. */
const sentinelOptions = {
  ...askingSentinels,
  // Listen for announcements of a new master, because the former one may accept writes for ten more seconds.
  failoverDetector: true,
}

/**
 * Reconnects after every end that the caller did not request. When the Sentinels name a new master while
 * ioredis asks them for one, it mistakes its own disconnect for the caller's and does not reconnect.
 */
function comeBack(redis: Redis): void {
  redis.on('end', () => {
    if (isClosed(redis)) return
    setTimeout(() => {
      // A failure causes the next `end` event, and calls made meanwhile fail.
      if (!isClosed(redis)) redis.connect().catch(() => {})
    }, reconnectDelay(1))
  })
}

/**
 * At most 50 ms, and 50 ms more for each attempt, up to a second. Half of it is random, because all
 * connections of all processes are lost at the same moment.
 */
export function reconnectDelay(attempt: number): number {
  return Math.min(50 * attempt, 1000) * (0.5 + Math.random() / 2)
}
