import { hash } from 'node:crypto'
import type { MessageState } from '@emailauth/contracts/messages'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { Cluster } from 'ioredis'

/**
 * Redis keys of messages. An identity's messages and the lists they are on share one hash slot, so that one
 * script can change both. A Cluster has several such slots, a single Redis one.
 */
export interface MessageKeys {
  readonly partitions: readonly Partition[]
  partitionOf(identityId: string): Partition
}

/** The keys of one hash slot. lua/partition.lua lists them. */
export interface Partition {
  /** Prefix of every key. Rules get it as KEYS[1]. */
  readonly keys: string
  readonly underWay: string
  readonly busy: string
  list(state: MessageState): string
}

const CLUSTER_PARTITIONS = 16

export function createMessageKeys(redis: RedisConnection): MessageKeys {
  const count = redis instanceof Cluster ? CLUSTER_PARTITIONS : 1
  const partitions = Array.from({ length: count }, (_, i) => createPartition(`ea:mail:{${i}}:`))
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

function createPartition(keys: string): Partition {
  const underWay = `${keys}under-way`
  return {
    keys,
    underWay,
    busy: `${keys}busy`,
    list: (state) => (state === 'queued' ? underWay : `${keys}state:${state}`),
  }
}
