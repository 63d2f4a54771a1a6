import { Cluster, type Redis, type RedisOptions, SentinelConnector } from 'ioredis'
import type { RedisConnection } from './connection.ts'

// The parts of ioredis that we use and its types lack. Checked against the installed version by
// ioredis-internals.test.ts, for the time-outs by read-before-timeouts.test.ts, for INFO by
// hidden-info.test.ts, for Sentinels by connect-by.test.ts.

/** The commands that run scripts, on both kinds of connection. Replies are raw bytes. */
export interface ScriptCommands {
  evalshaBuffer(sha: string, numberOfKeys: number, ...values: (string | Buffer | number)[]): Promise<unknown>
  evalBuffer(lua: string, numberOfKeys: number, ...values: (string | Buffer | number)[]): Promise<unknown>
}

export function scriptCommands(redis: RedisConnection): ScriptCommands {
  return redis as unknown as ScriptCommands
}

/** The part of a command that its time-out needs. */
interface TimedCommand {
  /** ioredis starts its own only when there is none. */
  _commandTimeoutTimer?: NodeJS.Timeout
  readonly isSettled: boolean
  reject(error: Error): void
}

/**
 * The time-outs of a connection. That of the socket runs while a command waits for its reply, restarts with
 * every received byte, and closes the connection after `socketTimeout`.
 */
interface Timeouts {
  readonly stream: { destroy(error: Error): void }
  socketTimeoutTimer?: NodeJS.Timeout | undefined
  setSocketTimeout(): void
  sendCommand(command: TimedCommand, stream?: unknown): unknown
}

export function timeoutsOf(redis: Redis): Timeouts {
  return redis as unknown as Timeouts
}

const startedAt = new WeakMap<Redis, number>()

/**
 * Records when the socket time-out of a connection last started. Call it once, before the connection is used.
 */
export function watchSocketTimeout(redis: Redis): void {
  const connection = timeoutsOf(redis)
  const start = connection.setSocketTimeout.bind(redis)
  connection.setSocketTimeout = () => {
    startedAt.set(redis, performance.now())
    start()
  }
}

/**
 * Time in ms until a connection without replies is closed and every call on it fails. A command that is sent
 * now must not run after it. On a Cluster a command is sent after the replies to earlier ones, so it has the
 * whole time-out.
 */
export function remainingTimeoutMs(redis: RedisConnection): number {
  const options = redis instanceof Cluster ? redis.options.redisOptions : redis.options
  if (options?.socketTimeout === undefined) throw new Error('A connection without a time-out.')
  if (redis instanceof Cluster) return options.socketTimeout
  const { socketTimeoutTimer } = timeoutsOf(redis)
  const started = socketTimeoutTimer === undefined ? undefined : startedAt.get(redis)
  return started === undefined ? options.socketTimeout : started + options.socketTimeout - performance.now()
}

/** The command that the ready check of ioredis calls with a callback, and how copies are made. */
export interface InfoCommand {
  info(...args: (string | ((error: unknown, text?: string) => void))[]): Promise<string>
  duplicate(...args: unknown[]): RedisConnection
}

export function infoCommandOf(redis: RedisConnection): InfoCommand {
  return redis as unknown as InfoCommand
}

/** How a connection gets its socket. */
export type Connector = NonNullable<RedisOptions['Connector']>

/** The methods of the connector for Sentinels by which it asks one, and opens connections to them. */
interface AskingSentinels {
  resolve(this: AskingSentinels, endpoint: unknown): Promise<object | null>
  connectToSentinel(this: AskingSentinels, endpoint: unknown, options?: object): unknown
}

/** @param methods given those of ioredis, what takes their place */
export function sentinelConnectorWith(methods: (own: AskingSentinels) => AskingSentinels): Connector {
  class Changed extends SentinelConnector {}
  const { prototype } = Changed as unknown as { readonly prototype: AskingSentinels }
  Object.assign(prototype, methods(prototype))
  return Changed as unknown as Connector
}
