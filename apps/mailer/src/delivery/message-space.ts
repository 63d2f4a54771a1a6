import { hash } from 'node:crypto'
import type { MessageState } from '@emailauth/contracts/messages'
import type { RedisConnection } from '@emailauth/redis/connect'
import { Cluster } from 'ioredis'

/**
 * Where messages lie in Redis. What belongs to one identity, and the lists its messages stand in, share one hash slot, so that one
 * script sees to a message and its lists. A Cluster has several such slots, a single Redis one.
 */
export interface MessageSpace {
  readonly partitions: readonly Partition[]
  partitionOf(identityId: string): Partition
}

/** The keys of one hash slot. */
export interface Partition {
  /** Messages under way (sorted set by the end of their lease). */
  readonly underWay: string
  /** The messages of an identity (hash). */
  messages(identityId: string): string
  /** Messages in a state (sorted set by their last change). */
  list(state: MessageState): string
  /** A message's name, found by the digest that its Message-ID shows. */
  name(digest: string): string
}

/** How long a list is kept after its last change, and how many messages all lists of one state keep. */
export const LISTS_KEPT_MS = 24 * 3_600_000
export const LISTED = 10_000

const CLUSTER_PARTITIONS = 16

export function createMessageSpace(redis: RedisConnection): MessageSpace {
  const count = redis instanceof Cluster ? CLUSTER_PARTITIONS : 1
  const partitions = Array.from({ length: count }, (_, i) => createPartition(`ea:{mail:${i}}`))
  const only = partitions.length === 1 ? partitions[0] : undefined
  return {
    partitions,
    partitionOf(identityId) {
      const found = only ?? partitions[hash('sha1', identityId, 'buffer').readUInt8() % count]
      if (found === undefined) throw new RangeError('There is no such partition.')
      return found
    },
  }
}

function createPartition(prefix: string): Partition {
  const underWay = `${prefix}:under-way`
  return {
    underWay,
    messages: (identityId) => `${prefix}:messages:${identityId}`,
    list: (state) => (state === 'queued' ? underWay : `${prefix}:state:${state}`),
    name: (digest) => `${prefix}:id:${digest}`,
  }
}
