import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { Cluster } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { createMessageKeys } from './message-keys.ts'

// Mailers of other versions look for messages here too, and so does the next version after an update.
test('on a Cluster the messages of an identity are in one of 16 partitions, always in the same', () => {
  const cluster = new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true })
  onTestFinished(() => cluster.disconnect())
  const { partitions, partitionOf } = createMessageKeys(cluster)
  expect(partitionOf('demo.1').keys).toBe('ea:mail:{6}:')
  expect(partitionOf('demo.2').keys).toBe('ea:mail:{14}:')
  const used = new Set(Array.from({ length: 500 }, (_, i) => partitionOf(`demo.${i}`)))
  expect(used).toEqual(new Set(partitions))
})

test('on a single Redis they are all in one', () => {
  const { partitionOf } = createMessageKeys({} as RedisConnection)
  expect(partitionOf('demo.1').keys).toBe('ea:mail:{0}:')
})
