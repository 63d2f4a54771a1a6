import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { redisCli } from '@emailauth/testing/redis-cli'
import { startCluster } from '@emailauth/testing/redis-cluster'
import type { Cluster } from 'ioredis'
import { expect, test } from 'vitest'
import { connectRedis } from './connect.ts'

const KEY = '{moved}:key'

test('a slot that has moved is found where it is, without a call that is sent to the wrong master', async () => {
  const servers = await startCluster()
  const redis = (await connectRedis(servers.url, { onError: () => {} })) as Cluster
  const counts = async () => {
    const infos = await Promise.all(servers.nodes.map(({ port }) => redisCli(port, 'info', 'stats')))
    return infos.map((info) => Number(/total_connections_received:(\d+)/.exec(info)?.[1]))
  }
  let refreshes = 0
  redis.on('refresh', () => {
    refreshes += 1
  })
  try {
    // Once each master was heard, nothing is read anew. A slow reply would be a reason to.
    await eventually(async () => {
      const before = await counts()
      await wait(2000)
      // Those of this test itself.
      expect(await counts()).toEqual(before.map((count) => count + 1))
    }, 60_000)
    const refreshesBefore = refreshes

    const slot = Number(await redis.cluster('KEYSLOT', KEY))
    const ids = await Promise.all(servers.nodes.map(({ port }) => redisCli(port, 'cluster', 'myid')))
    const portOf = () => redis.nodes('master').find(({ options }) => isOwner(redis, slot, options.port))
    const from = portOf()?.options.port
    const target = ids.find((_, at) => servers.nodes[at]?.port !== from) ?? ''
    for (const { port } of servers.nodes)
      await redisCli(port, 'cluster', 'setslot', String(slot), 'node', target)
    await eventually(() => expect(refreshes).toBeGreaterThan(refreshesBefore), 30_000)
    const to = servers.nodes[ids.indexOf(target)]?.port
    await eventually(() => expect(portOf()?.options.port).toBe(to), 30_000)
    await redis.set(KEY, 'there')
    expect(await redisCli(to ?? 0, 'get', KEY)).toBe('there')
  } finally {
    redis.disconnect()
    await servers.stop()
  }
})

/** Whether this connection believes so. */
function isOwner(redis: Cluster, slot: number, port: number | undefined): boolean {
  return redis.slots[slot]?.[0]?.endsWith(`:${port}`) ?? false
}
