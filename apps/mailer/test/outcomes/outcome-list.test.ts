import { connectRedis } from '@emailauth/redis/connection/connect'
import { startRedis } from '@emailauth/testing/redis'
import { expect, onTestFinished, test } from 'vitest'
import { createOutcomeList } from '../../src/outcomes/outcome-list.ts'

const LIST = 'ea:mail:{outcomes}'

test('100,000 outcomes wait to be reported, the newest of them, for 25 hours after the last one', async () => {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const redis = await connectRedis(server.url, { onError: () => {}, commandTimeoutMs: 60_000 })
  onTestFinished(() => redis.disconnect())
  for (let from = 0; from < 100_000; from += 10_000) {
    const members = Array.from({ length: 10_000 }, (_, at) => [from + at, `sent demo.${from + at}`])
    await redis.zadd(LIST, ...members.flat())
  }
  const name = { identityId: `demo.${'A'.repeat(23)}`, messageId: 'm' }
  await createOutcomeList(redis, () => 200_000).add(name, 'sent')
  expect(await redis.zcard(LIST)).toBe(100_000)
  expect(await redis.zrange(LIST, '0', '0')).toEqual(['sent demo.1'])
  expect(await redis.zrange(LIST, '-1', '-1')).toEqual([expect.stringContaining(name.identityId)])
  const lifeMs = await redis.pttl(LIST)
  expect(lifeMs).toBeGreaterThan(24 * 3_600_000)
  expect(lifeMs).toBeLessThanOrEqual(25 * 3_600_000)
})
