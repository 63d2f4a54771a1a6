import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis } from '@emailauth/testing/redis'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { QUEUE_TIMES } from '../src/queue/job-queue.ts'
import { runMailer } from './running-mailer.ts'

test('a mailer ends while a look at its queues waits for a Redis that is gone', async () => {
  const [redis, smtp] = await Promise.all([startRedis(), startSmtp()])
  const mailer = await runMailer(redis.url, smtp.url, { redisUrl: `redis://127.0.0.1:${await freePort()}` })
  // The first look begins after about a second.
  await wait(2000)
  const askedAt = performance.now()
  await mailer.close()
  // Both queues are closed within this time, one after the other.
  expect(performance.now() - askedAt).toBeLessThan(2 * QUEUE_TIMES.stopMs)
  await redis.stop()
  await smtp.stop()
})
