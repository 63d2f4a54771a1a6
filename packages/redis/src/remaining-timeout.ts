import { Cluster, type Redis } from 'ioredis'

/**
 * ioredis's clock of a connection, which is not among its types: it runs while a command waits for its reply, begins anew with whatever is heard, and gives
 * the connection up at `socketTimeout`.
 */
interface SocketClock {
  readonly socketTimeoutTimer?: NodeJS.Timeout
  setSocketTimeout(): void
}

const begins = new WeakMap<Redis, number>()

/** Keeps in mind when the clock of a connection last began. */
export function watchSocketTimeout(redis: Redis): void {
  const connection = redis as unknown as SocketClock
  const begin = connection.setSocketTimeout.bind(redis)
  connection.setSocketTimeout = () => {
    begins.set(redis, performance.now())
    begin()
  }
}

/**
 * So many ms from now a connection on which nothing more is heard is given up, with every call on it: what is sent now has no reply by then, and must not
 * be done after it. On a Cluster a call is sent when those before it are answered, so it has the whole time.
 */
export function remainingTimeoutMs(redis: Redis | Cluster): number {
  const options = redis instanceof Cluster ? redis.options.redisOptions : redis.options
  if (options?.socketTimeout === undefined) throw new Error('A connection without a time-out.')
  if (redis instanceof Cluster) return options.socketTimeout
  const { socketTimeoutTimer } = redis as unknown as SocketClock
  const began = socketTimeoutTimer === undefined ? undefined : begins.get(redis)
  return began === undefined ? options.socketTimeout : began + options.socketTimeout - performance.now()
}
