import { webhookFailuresAcknowledgement } from '@emailauth/contracts/webhook-deliveries'
import { connectRedis } from '@emailauth/redis/connection/connect'
import { startRedis } from '@emailauth/testing/redis'
import { expect, test } from 'vitest'
import { createFailureList } from '../../src/webhooks/failure-list.ts'

test('of many endpoints as many are listed as one acknowledgement can name, then the next ones', async () => {
  const server = await startRedis()
  const redis = await connectRedis(server.url, { onError: () => {} })
  try {
    const failures = createFailureList(redis)
    const ids = Array.from({ length: 450 }, (_, i) => `demo.wh_${String(i).padStart(16, '0')}`)
    await Promise.all(ids.map((id) => failures.add({ id, version: 1, reason: 'failing' })))
    const seen: string[] = []
    for (const count of [200, 200, 50, 0]) {
      const listed = await failures.list()
      expect(listed).toHaveLength(count)
      if (count === 0) break
      await failures.acknowledge(webhookFailuresAcknowledgement.parse({ failures: listed }).failures)
      seen.push(...listed.map(({ id }) => id))
    }
    expect(seen.sort()).toEqual(ids)
  } finally {
    redis.disconnect()
    await server.stop()
  }
})

test('a failure is remembered for a week after the last one', async () => {
  const server = await startRedis()
  const redis = await connectRedis(server.url, { onError: () => {} })
  try {
    await createFailureList(redis).add({ id: 'demo.wh_0000000000000000', version: 1, reason: 'failing' })
    const [key = ''] = await redis.keys('*')
    expect((await redis.pttl(key)) / 86_400_000).toBeCloseTo(7, 2)
  } finally {
    redis.disconnect()
    await server.stop()
  }
})
