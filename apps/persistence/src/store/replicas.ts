import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { ProblemError } from '@emailauth/service/http/problem-error'
import calculateSlot from 'cluster-key-slot'
import { Cluster, type Redis } from 'ioredis'

/** How many replicas must have a change before it is acknowledged, and how long to wait for them. */
export interface ReplicaPolicy {
  /** 0 = acknowledge at once. */
  readonly count: number
  readonly timeoutMs: number
}

/**
 * Writes to a key, and returns only when the write has reached the replicas. `WAIT` covers only the writes of
 * its own connection, so its answer on a new connection would prove nothing.
 * @throws {ProblemError} `unavailable` when it has not. The caller may retry with the same request id.
 */
export function withReplicas<Reply>(
  redis: RedisConnection,
  key: string,
  policy: ReplicaPolicy,
  write: () => Promise<Reply>,
): Promise<Reply> {
  return policy.count === 0 ? write() : writeAndWait(redis, key, policy, write)
}

async function writeAndWait<Reply>(
  redis: RedisConnection,
  key: string,
  { count, timeoutMs }: ReplicaPolicy,
  write: () => Promise<Reply>,
): Promise<Reply> {
  const { stream } = masterOf(redis, key)
  const reply = await write()
  const master = masterOf(redis, key)
  if (master.stream !== stream) throw unavailable('The master has changed during the call. Ask again.')
  const reached = await master.wait(count, timeoutMs)
  if (reached < count) {
    throw unavailable(
      `The change has reached ${reached} of ${count} replicas; it is answered for only when it has reached all. Ask again.`,
    )
  }
  return reply
}

function masterOf(redis: RedisConnection, key: string): Redis {
  if (!(redis instanceof Cluster)) return redis
  const address = redis.slots[calculateSlot(key)]?.[0]
  const master = redis.nodes('master').find(({ options }) => `${options.host}:${options.port}` === address)
  if (master === undefined) throw unavailable('No master is known for this part of the Cluster.')
  return master
}

function unavailable(detail: string): ProblemError {
  return new ProblemError('unavailable', detail, { retryAfterSeconds: 1 })
}
