import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { createRemoteClock, type RemoteClock } from '@emailauth/rpc/remote-clock'
import { AT_REST_MS, setAlignedTimeout } from '@emailauth/service/timing/aligned-timer'
import { Cluster, type Redis } from 'ioredis'

/** Lower bound of the clock of Redis. On a Cluster: of the master whose clock is the furthest behind. */
export interface RedisClock {
  /** In ms. undefined: the connection is new and the clock is not known yet. */
  atLeast(): number | undefined
  /**
   * The same, but it asks Redis when the clock is not known. It throws like a command when Redis is
   * unreachable.
   */
  known(): Promise<number>
  /**
   * Unix milliseconds, for what is not decided in a rule. While the clock is not known, as between a failover
   * and the first answer, it is reckoned from the last answer.
   */
  readonly time: () => number
}

const EVERY_MS = 1000

const clockOfConnection = new WeakMap<RedisConnection, RedisClock>()

/**
 * The clock of the Redis behind a connection. Several stores on one connection share it, because it listens
 * to the connection until that ends.
 */
export function redisClockOf(redis: RedisConnection): RedisClock {
  let clock = clockOfConnection.get(redis)
  if (clock === undefined) {
    clock = startRedisClock(redis)
    clockOfConnection.set(redis, clock)
  }
  return clock
}

/**
 * Asks every master for its time once a second, at rest once in {@link AT_REST_MS}, and after each reconnect,
 * because another server may answer. Ends with the connection.
 */
function startRedisClock(redis: RedisConnection): RedisClock {
  const clocks = new Map<Redis, RemoteClock>()
  /** Between the clock here and that of Redis. Before the first answer it is by the clock of this machine. */
  let lastOffset = Date.now() - performance.now()

  const clockOf = (node: Redis): RemoteClock => {
    const known = clocks.get(node)
    if (known !== undefined) return known
    const clock = createRemoteClock()
    clocks.set(node, clock)
    node.on('close', clock.forget)
    return clock
  }

  const ask = async (node: Redis) => {
    const { stream, status } = node
    // ioredis would send this command before the connection is ready, and wait for a Redis that hangs.
    if (status !== 'ready') throw new Error('Connection is closed.')
    const askedAt = performance.now()
    const [seconds, micros] = await node.time()
    // A reply from an earlier connection may come from another server.
    if (node.stream === stream) clockOf(node).learn(Number(seconds) * 1000 + Number(micros) / 1000, askedAt)
  }

  const askAll = async () => {
    const masters = mastersOf(redis)
    for (const node of clocks.keys()) if (!masters.includes(node)) clocks.delete(node)
    const asked = await Promise.allSettled(masters.map(ask))
    const now = atLeast()
    if (now !== undefined) lastOffset = now - performance.now()
    return asked.find((outcome) => outcome.status === 'rejected')
  }

  const atLeast = () => {
    let least: number | undefined
    for (const clock of clocks.values()) {
      const now = clock.now()
      if (now !== undefined && (least === undefined || now < least)) least = now
    }
    return least
  }

  let asking: ReturnType<typeof askAll> | undefined
  const refresh = () => {
    asking ??= askAll().finally(() => {
      asking = undefined
    })
    return asking
  }

  let isUsed = true
  let cancel = () => {}
  const repeat = () => {
    cancel()
    const [ms, exactness] = isUsed ? ([EVERY_MS, 'about'] as const) : ([AT_REST_MS, 'at the latest'] as const)
    isUsed = false
    cancel = setAlignedTimeout(
      () => {
        void refresh()
        repeat()
      },
      ms,
      exactness,
    )
  }
  repeat()
  redis.on('end', () => cancel())
  // The connection may be opened again after its end. Asked at once, it answers before the calls that follow.
  redis.on('ready', () => {
    void refresh()
    repeat()
  })

  return {
    atLeast() {
      isUsed = true
      return atLeast()
    },
    async known() {
      isUsed = true
      const failed = await refresh()
      const now = atLeast()
      if (now !== undefined) return now
      throw failed?.reason ?? new Error('No master is known: Connection is closed.')
    },
    time() {
      isUsed = true
      return Math.floor(atLeast() ?? performance.now() + lastOffset)
    },
  }
}

function mastersOf(redis: RedisConnection): Redis[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis]
}
