import { once } from 'node:events'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import type { Cluster } from 'ioredis'
import { expect, test } from 'vitest'
import { isClosed } from './close-for-good.ts'
import { connectRedis } from './connect.ts'

test.each([
  ['one server', () => startRedis()],
  ['a Cluster', () => startCluster()],
])('a connection to %s that is closed between two attempts ends', async (_name, start) => {
  const servers = await start()
  const redis = await connectRedis(servers.url, { onError: () => {} })
  try {
    await servers.stop()
    await eventually(() => expect(redis.status).toBe('reconnecting'))
    expect(isClosed(redis)).toBe(false)
    const ended = once(redis, 'end')
    redis.disconnect()
    expect(isClosed(redis)).toBe(true)
    await ended
  } finally {
    redis.disconnect()
  }
})

test('an attempt that is left when a connection to a Cluster is closed does not open it again', async () => {
  const servers = await startCluster()
  const redis = (await connectRedis(servers.url, { onError: () => {} })) as Cluster
  try {
    redis.disconnect()
    await expect(redis.connect()).rejects.toThrow('Connection is closed.')
    await eventually(() => expect(redis.nodes()).toEqual([]))
  } finally {
    redis.disconnect()
    await servers.stop()
  }
})

test('a connection that is to come back is not closed', async () => {
  const server = await startRedis()
  const redis = await connectRedis(server.url, { onError: () => {} })
  try {
    redis.disconnect(true)
    expect(isClosed(redis)).toBe(false)
    await eventually(async () => expect(await redis.ping()).toBe('PONG'))
  } finally {
    redis.disconnect()
    await server.stop()
  }
})
