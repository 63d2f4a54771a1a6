import { setTimeout as wait } from 'node:timers/promises'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { createCluster, mastersReady } from './cluster.ts'
import type { RedisConnection } from './connection.ts'
import { watchSocketTimeout } from './ioredis-internals.ts'
import { isReadOnly } from './read-only.ts'

export type { RedisConnection }

/** A Redis URL taken apart. */
export type RedisAddress =
  | { readonly kind: 'single'; readonly options: RedisOptions }
  | { readonly kind: 'sentinel'; readonly options: RedisOptions }
  | {
      readonly kind: 'cluster'
      readonly nodes: { host: string; port: number }[]
      readonly options: RedisOptions
    }

/**
 * Reads `EMAILAUTH_REDIS_URL`: `redis://` or `rediss://` (TLS) with user, password and database; `unix:///path`; a
 * comma-separated list of the former is a Cluster; `redis+sentinel://h1:p1,h2:p2/master-name`.
 * @throws {Error} with a sentence that tells the right form.
 */
export function parseRedisUrl(url: string): RedisAddress {
  if (url.startsWith('redis+sentinel://') || url.startsWith('rediss+sentinel://')) return parseSentinel(url)
  const [first, ...others] = url.split(',').map(parseOne)
  if (first === undefined) throw new Error('The Redis URL is empty.')
  if (others.length === 0) return { kind: 'single', options: first }
  const nodes = [first, ...others].map(({ host, port }) => ({
    host: host ?? '127.0.0.1',
    port: port ?? 6379,
  }))
  const { host: _, port: __, ...options } = first
  return { kind: 'cluster', nodes, options }
}

function parseOne(text: string): RedisOptions {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url?.protocol === 'unix:') return { path: decodeURIComponent(url.pathname) }
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol)) {
    throw new Error('A Redis URL begins with redis://, rediss://, redis+sentinel:// or unix://.')
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: Number(url.port || 6379),
    ...credentials(url),
    ...(url.pathname.length > 1 ? { db: Number(url.pathname.slice(1)) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  }
}

function parseSentinel(text: string): RedisAddress {
  // The WHATWG parser knows no host list, so the first host stands in for all of them.
  const [, scheme, user, hosts, path] =
    /^(rediss?)\+sentinel:\/\/(?:([^@/]*)@)?([^/]+)\/(.+)$/.exec(text) ?? []
  if (hosts === undefined || path === undefined) {
    throw new Error('A Sentinel URL reads redis+sentinel://host1:port,host2:port/master-name.')
  }
  const url = new URL(`redis://${user === undefined ? '' : `${user}@`}sentinel/${path}`)
  const [name = '', db] = url.pathname.slice(1).split('/')
  return {
    kind: 'sentinel',
    options: {
      name: decodeURIComponent(name),
      sentinels: hosts.split(',').map((host) => {
        const at = new URL(`redis://${host}`)
        return { host: at.hostname, port: Number(at.port || 26379) }
      }),
      ...credentials(url),
      ...(db === undefined ? {} : { db: Number(db) }),
      ...(scheme === 'rediss' ? { tls: {}, enableTLSForSentinelMode: true } : {}),
    },
  }
}

function credentials(url: URL): RedisOptions {
  return {
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
  }
}

export interface ConnectOptions {
  /** Called for every connection error; ioredis goes on reconnecting by itself. */
  readonly onError: (error: Error) => void
  /** A command without a reply after so many milliseconds fails; whether it took effect is unknown then. */
  readonly commandTimeoutMs?: number
  /**
   * Scripts are sent at once, while others still wait for their replies, so that Redis is never idle between two. The caller must make sure
   * that a script does not run after the connection was closed ({@link remainingTimeoutMs}), or does no harm then. Not on a Cluster.
   * Default: ioredis holds calls back until the replies before them have come.
   */
  readonly scriptsAtOnce?: boolean
  /** With `rediss://`: certificates (PEM) of authorities to trust in place of those that Node trusts. */
  readonly ca?: string
}

/** A call times out this long after its connection does. The other way round, later calls would be sent on a dead connection. */
const AFTER_SOCKET_MS = 50
/** A start waits so long for its first connection. */
const START_MS = 5000

/**
 * Connects and waits until the first command can be sent.
 *
 * The connection never keeps a command for later: without a live connection a command fails at once, and one whose reply was
 * lost is not sent again by itself. Both would let a write happen after its caller was told that it failed.
 */
export async function connectRedis(
  url: string,
  { onError, commandTimeoutMs = 350, scriptsAtOnce = false, ca }: ConnectOptions,
): Promise<RedisConnection> {
  const address = parseRedisUrl(url)
  const options = {
    ...address.options,
    ...(ca === undefined || address.options.tls === undefined ? {} : { tls: { ca } }),
    replyMapping: 'legacy' as const,
    lazyConnect: true,
    enableAutoPipelining: true,
    ...(scriptsAtOnce && address.kind !== 'cluster' ? { autoPipeliningIgnoredCommands: ['evalsha'] } : {}),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs + AFTER_SOCKET_MS,
    // A connection that is silent for the time of one call is closed, and all calls on it fail at that moment.
    socketTimeout: commandTimeoutMs,
    connectTimeout: 2000,
    retryStrategy: reconnectDelay,
    // This master has become a replica: its name, or the Sentinels, lead to another one. The command itself is not repeated.
    reconnectOnError: isReadOnly,
    ...(address.kind === 'sentinel' ? sentinelOptions : {}),
  }
  const redis =
    address.kind === 'cluster'
      ? createCluster({
          nodes: address.nodes,
          redisOptions: options,
          retryDelay: reconnectDelay,
          onError,
        })
      : new Redis(options)
  redis.on('error', onError)
  if (redis instanceof Redis) {
    comeBack(redis)
    watchSocketTimeout(redis)
  }
  try {
    await withinConnectTime(redis.connect())
    if (redis instanceof Cluster) await mastersReady(redis)
  } catch (cause) {
    redis.disconnect()
    throw new Error(`Redis cannot be reached at ${withoutPassword(url)}.`, { cause })
  }
  return redis
}

/** ioredis asks Sentinels that are down again for ever. That is right for a reconnect and wrong for a start. */
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

/** What a Sentinel needs beyond a single Redis. */
const sentinelOptions = {
  // A Sentinel that does not answer is passed over.
  sentinelCommandTimeout: 1000,
  sentinelRetryStrategy: reconnectDelay,
  // Sentinels announce a new master at once; the former one may go on taking writes for ten seconds.
  failoverDetector: true,
}

/**
 * Reconnects after every end that the caller did not ask for. ioredis gives up for good when the Sentinels name a new master while it asks
 * them for one: it takes its own disconnect for the caller's.
 */
function comeBack(redis: Redis): void {
  let isOver = false
  const disconnect = redis.disconnect.bind(redis)
  redis.disconnect = (reconnect = false) => {
    if (!reconnect) isOver = true
    disconnect(reconnect)
  }
  redis.on('end', () => {
    if (isOver) return
    setTimeout(() => {
      // A failure shows in the next `end` event, and in the calls made meanwhile.
      if (!isOver) redis.connect().catch(() => {})
    }, reconnectDelay(1))
  })
}

/** 50 ms, then 50 ms longer each time, at most a second. */
function reconnectDelay(attempt: number): number {
  return Math.min(50 * attempt, 1000)
}

/** A Redis URL that may be logged. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/g, '//…@')
}
