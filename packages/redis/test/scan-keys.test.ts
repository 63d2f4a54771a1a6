import { startCluster } from '@emailauth/testing/redis-cluster'
import { expect, test } from 'vitest'
import { connectRedis } from '../src/connection/connect.ts'
import { scanKeys } from '../src/scan-keys.ts'

test('all keys of a pattern are found, on every master and in more than one step, as bytes', async () => {
  const cluster = await startCluster()
  const redis = await connectRedis(cluster.url, { onError: () => {} })
  try {
    const wanted = Array.from({ length: 4000 }, (_, i) =>
      Buffer.from([...Buffer.from(`ea:{${i}}:`), 0, 255, i % 256]),
    )
    await Promise.all(wanted.map((key) => redis.set(key, 'x')))
    await redis.set('other', 'x')
    const found = new Set<string>()
    let steps = 0
    for await (const keys of scanKeys(redis, 'ea:*')) {
      steps += 1
      for (const key of keys) found.add(key.toString('hex'))
    }
    expect(found).toEqual(new Set(wanted.map((key) => key.toString('hex'))))
    expect(steps).toBeGreaterThan(3)
  } finally {
    redis.disconnect()
    await cluster.stop()
  }
})
