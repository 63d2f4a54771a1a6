import { eventually } from '@emailauth/testing/eventually'
import { startFaultProxy } from '@emailauth/testing/fault-proxy'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis } from '@emailauth/testing/redis'
import { startSmtp } from '@emailauth/testing/smtp'
import { Queue } from 'bullmq'
import { expect, onTestFinished, test, vi } from 'vitest'
import { RECORD_MS } from '../../src/delivery/deliver.ts'
import { DRAIN_MS } from '../../src/mailer-options.ts'
import { QUEUE_TIMES } from '../../src/queue/job-queue.ts'
import { aMessage, runMailer } from '../running-mailer.ts'

/** How much longer than its time-outs a mailer on a busy machine may take to close. */
const SLACK_MS = 20_000

test('a mailer ends while a look at its queues waits for a Redis that is gone', async () => {
  const [redis, smtp] = await Promise.all([startRedis(), startSmtp()])
  const look = vi.spyOn(Queue.prototype, 'getActiveCount')
  onTestFinished(() => look.mockRestore())
  const mailer = await runMailer(redis.url, smtp.url, { redisUrl: `redis://127.0.0.1:${await freePort()}` })
  // Both queues are looked at.
  await eventually(() => expect(new Set(look.mock.contexts).size).toBe(2))
  const askedAt = performance.now()
  await mailer.close()
  // Both queues are closed within this time, one after the other.
  expect(performance.now() - askedAt).toBeLessThan(2 * QUEUE_TIMES.closeMs + SLACK_MS)
  await redis.stop()
  await smtp.stop()
})

test('a mailer ends in time when its relay and its Redis hang', async () => {
  const [redis, smtp] = await Promise.all([startRedis(), startSmtp()])
  const proxy = await startFaultProxy(redis.port)
  const mailer = await runMailer(`redis://127.0.0.1:${proxy.port}`, smtp.url)
  smtp.script.rcptTo = () => ({ code: 451, text: 'later' })
  await mailer.send(aMessage())
  smtp.script.rcptTo = () => undefined
  // The claim is longest while a relay has the whole mail.
  let underWay = 0
  smtp.script.data = () => {
    underWay += 1
    return new Promise(() => {})
  }
  const sent = mailer.send(aMessage())
  expect((await mailer.post('/v1/messages/retries', {})).json()).toEqual({ retried: 1 })
  await eventually(() => expect(underWay).toBe(2))
  proxy.set('stalled')
  const askedAt = performance.now()
  await mailer.close()
  expect(performance.now() - askedAt).toBeLessThan(DRAIN_MS + RECORD_MS + SLACK_MS)
  await sent
  await proxy.stop()
  await redis.stop()
  await smtp.stop()
})
