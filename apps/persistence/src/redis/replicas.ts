import type { RedisConnection } from '@emailauth/redis/connect'
import { ProblemError } from '@emailauth/service/problem-error'
import calculateSlot from 'cluster-key-slot'
import { Cluster, type Redis } from 'ioredis'

/** How many replicas must have a change before it is acknowledged, and for how long to wait for them. */
export interface ReplicaPolicy {
  /** 0 = acknowledge at once. */
  readonly count: number
  readonly timeoutMs: number
}

/**
 * Waits until everything that this connection wrote to the key's master has reached the replicas.
 * @throws {ProblemError} `unavailable` when it has not; the caller may ask again under the same request id.
 */
export async function awaitReplicas(
  redis: RedisConnection,
  key: string,
  { count, timeoutMs }: ReplicaPolicy,
): Promise<void> {
  if (count === 0) return
  const reached = await masterOf(redis, key).wait(count, timeoutMs)
  if (reached >= count) return
  const detail = `The change has reached ${reached} of ${count} replicas; it is answered for only when it has reached all. Ask again.`
  throw new ProblemError('unavailable', detail, { retryAfterSeconds: 1 })
}

function masterOf(redis: RedisConnection, key: string): Redis {
  if (!(redis instanceof Cluster)) return redis
  const address = redis.slots[calculateSlot(key)]?.[0]
  const master = redis.nodes('master').find(({ options }) => `${options.host}:${options.port}` === address)
  if (master === undefined)
    throw new ProblemError('unavailable', 'No master is known for this part of the Cluster.', {
      retryAfterSeconds: 1,
    })
  return master
}
