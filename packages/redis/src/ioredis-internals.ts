import { Cluster, type Redis } from 'ioredis'
import type { RedisConnection } from './connection.ts'

// What we use of ioredis that is not among its types. A contract test (ioredis-internals.test.ts) holds it against the installed version.

/** The commands by which scripts reach Redis, on both kinds of connection. Values go out as they are, replies come as raw bytes. */
export interface ScriptCommands {
  evalshaBuffer(sha: string, numberOfKeys: number, ...values: (string | Buffer | number)[]): Promise<unknown>
  evalBuffer(lua: string, numberOfKeys: number, ...values: (string | Buffer | number)[]): Promise<unknown>
}

export function scriptCommands(redis: RedisConnection): ScriptCommands {
  return redis as unknown as ScriptCommands
}

/**
 * The socket time-out of a connection. It runs while a command waits for its reply, starts again with every byte that arrives, and
 * closes the connection at `socketTimeout`.
 */
interface SocketTimeout {
  readonly socketTimeoutTimer?: NodeJS.Timeout
  setSocketTimeout(): void
}

const startedAt = new WeakMap<Redis, number>()

/** Notes when the socket time-out of a connection last started. Call it once, before the connection is used. */
export function watchSocketTimeout(redis: Redis): void {
  const connection = redis as unknown as SocketTimeout
  const start = connection.setSocketTimeout.bind(redis)
  connection.setSocketTimeout = () => {
    startedAt.set(redis, performance.now())
    start()
  }
}

/**
 * Time in ms until a connection that stays silent is closed, with every call on it. A command that is sent now has no reply by then and must
 * not run later. On a Cluster a command is sent once those before it are answered, so it has the whole time-out.
 */
export function remainingTimeoutMs(redis: RedisConnection): number {
  const options = redis instanceof Cluster ? redis.options.redisOptions : redis.options
  if (options?.socketTimeout === undefined) throw new Error('A connection without a time-out.')
  if (redis instanceof Cluster) return options.socketTimeout
  const { socketTimeoutTimer } = redis as unknown as SocketTimeout
  const started = socketTimeoutTimer === undefined ? undefined : startedAt.get(redis)
  return started === undefined ? options.socketTimeout : started + options.socketTimeout - performance.now()
}
