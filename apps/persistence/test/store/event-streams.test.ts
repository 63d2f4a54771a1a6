import { connectRedis } from '@emailauth/redis/connection/connect'
import { startRedis } from '@emailauth/testing/redis'
import { expect, onTestFinished, test } from 'vitest'
import { readWatermark } from '../../src/store/event-streams.ts'
import type { StoreContext } from '../../src/store/partition.ts'

test('events of several streams wait for a second, by which the clocks of a Cluster may differ', async () => {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const redis = await connectRedis(server.url, { onError: () => {} })
  onTestFinished(() => redis.disconnect())
  const time = async () => {
    const [seconds, micros] = await redis.time()
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
  }
  const watermark = (partitions: number) => readWatermark({ redis, partitions } as StoreContext)

  for (const [partitions, waitMs] of [
    [1, 0],
    [64, 1000],
  ] as const) {
    const [before, read, after] = [await time(), await watermark(partitions), await time()]
    expect(read).toBeGreaterThanOrEqual(before - waitMs)
    expect(read).toBeLessThanOrEqual(after - waitMs)
  }
})
