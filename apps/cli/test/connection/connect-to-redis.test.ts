import { startRedis } from '@emailauth/testing/redis'
import { expect, onTestFinished, test } from 'vitest'
import { connectToRedis } from '../../src/connection/connect-to-redis.ts'

test('a command waits 2 s for a Redis that is silent', async () => {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const redis = await connectToRedis(server.url)
  onTestFinished(() => redis.disconnect())
  expect(redis.options).toMatchObject({ socketTimeout: 2000 })
})
