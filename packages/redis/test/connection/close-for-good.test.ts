import { once } from 'node:events'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { expect, onTestFinished, test } from 'vitest'
import { isClosed } from '../../src/connection/close-for-good.ts'
import { connectRedis } from '../../src/connection/connect.ts'

/** A connection to servers that end with the test. A busy machine may need more than one attempt. */
async function connectTo(servers: { readonly url: string; stop(): Promise<void> }) {
  onTestFinished(() => servers.stop())
  const redis = await eventually(() => connectRedis(servers.url, { onError: () => {} }), 60_000)
  onTestFinished(() => redis.disconnect())
  return redis
}

test.each([
  ['one server', () => startRedis()],
  ['a Cluster', () => startCluster()],
])('a connection to %s that is closed between two attempts ends', async (_name, start) => {
  const servers = await start()
  const redis = await connectTo(servers)
  await servers.stop()
  await eventually(() => expect(redis.status).toBe('reconnecting'))
  expect(isClosed(redis)).toBe(false)
  const ended = once(redis, 'end')
  redis.disconnect()
  expect(isClosed(redis)).toBe(true)
  await ended
})

test('an attempt that is left when a connection to a Cluster is closed does not open it again', async () => {
  const redis = await connectTo(await startCluster())
  redis.disconnect()
  await expect(redis.connect()).rejects.toThrow('Connection is closed.')
})

test('a connection that is to come back is not closed', async () => {
  const redis = await connectTo(await startRedis())
  redis.disconnect(true)
  expect(isClosed(redis)).toBe(false)
  await eventually(async () => expect(await redis.ping()).toBe('PONG'))
})
