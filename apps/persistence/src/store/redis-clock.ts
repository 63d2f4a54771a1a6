import type { RedisConnection } from '@emailauth/redis/connect'
import { createRemoteClock, type RemoteClock } from '@emailauth/rpc/remote-clock'
import { Cluster, type Redis } from 'ioredis'

/** Lower bound of Redis's clock. On a Cluster: of the clock that is behind all others. */
export interface RedisClock {
  /** ms, or undefined while a connection is new and nothing is known of the clock behind it. */
  atLeast(): number | undefined
  /** The same, asked for where it is not known; throws as any command does when Redis cannot be asked. */
  known(): Promise<number>
}

const EVERY_MS = 1000

/**
 * Asks every master for its time once a second, and after each reconnect, because another server may answer.
 * Ends with the connection.
 */
export function startRedisClock(redis: RedisConnection): RedisClock {
  const clocks = new Map<Redis, RemoteClock>()

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
    // ioredis would send this one command before a connection is ready, to a Redis that hangs, and wait.
    if (status !== 'ready') throw new Error('Connection is closed.')
    const askedAt = performance.now()
    const [seconds, micros] = await node.time()
    // A reply of the connection before this one says nothing of the server behind this one.
    if (node.stream === stream) clockOf(node).learn(Number(seconds) * 1000 + Number(micros) / 1000, askedAt)
  }

  const askAll = async () => {
    const masters = mastersOf(redis)
    for (const node of clocks.keys()) if (!masters.includes(node)) clocks.delete(node)
    const asked = await Promise.allSettled(masters.map(ask))
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

  let timer = setInterval(refresh, EVERY_MS).unref()
  redis.on('end', () => clearInterval(timer))
  // An end may be followed by another beginning.
  redis.on('ready', () => {
    clearInterval(timer)
    timer = setInterval(refresh, EVERY_MS).unref()
  })

  return {
    atLeast,
    async known() {
      const failed = await refresh()
      const now = atLeast()
      if (now !== undefined) return now
      throw failed?.reason ?? new Error('No master is known: Connection is closed.')
    },
  }
}

function mastersOf(redis: RedisConnection): Redis[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis]
}
