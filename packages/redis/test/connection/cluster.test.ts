import { startCluster, type TestCluster } from '@emailauth/testing/redis-cluster'
import { Cluster, type Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'

let servers: TestCluster
let redis: Cluster
beforeAll(async () => {
  servers = await startCluster({ masters: 3 })
  const connection = await connectRedis(servers.url, { onError: () => {} })
  if (!(connection instanceof Cluster)) throw new Error('not a Cluster')
  redis = connection
})
afterAll(async () => {
  redis?.disconnect()
  await servers?.stop()
})

test('commands that get ASK fail, also several of one pipeline, and none of them is sent again', async () => {
  const slot = Number(await redis.cluster('KEYSLOT', '{moves}'))
  const ids = new Map<string, Redis>()
  for (const node of redis.nodes('master')) ids.set(await node.cluster('MYID'), node)
  const ranges = (await redis.nodes('master')[0]?.cluster('SLOTS')) ?? []
  const sourceId = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2]?.[2] ?? ''
  const [targetId = '', target] = [...ids].find(([id]) => id !== sourceId) ?? []
  await target?.cluster('SETSLOT', slot, 'IMPORTING', sourceId)
  await ids.get(sourceId)?.cluster('SETSLOT', slot, 'MIGRATING', targetId)

  const calls = ['{moves}:a', '{moves}:b', '{moves}:c'].map((key) => redis.get(key))
  const answers = await Promise.allSettled(calls)
  for (const answer of answers) {
    expect(answer).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringMatching(/^SLOTMOVES ASK /) },
    })
  }

  for (const node of ids.values()) await node.cluster('SETSLOT', slot, 'STABLE')
  expect(await Promise.all(['{moves}:a', '{moves}:b'].map((key) => redis.get(key)))).toEqual([null, null])
})
