import { connectRedis, type RedisConnection } from '@emailauth/redis/connection/connect'
import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openRedisNow } from '../../src/redis-now.ts'
import { aMessage, runMailer } from '../running-mailer.ts'

const HOUR_MS = 3_600_000

/** A mailer that has asked Redis for its time just before the clock of Redis was set by so much. */
async function aMailer(byMs: number) {
  const server = keep(await startRedis())
  const smtp = keep(await startSmtp())
  const redis = await connectRedis(server.url, { onError: () => {} })
  onTestFinished(() => redis.disconnect())
  const asked = vi.spyOn(redis, 'time') as unknown as { mockResolvedValueOnce(time: readonly number[]): void }
  asked.mockResolvedValueOnce([Math.floor((Date.now() - byMs) / 1000), 0])
  const { now, learn } = await openRedisNow(redis as RedisConnection)
  const mailer = await runMailer(server.url, smtp.url, { now, learnNow: learn })
  onTestFinished(() => mailer.close())
  return { mailer, smtp }
}

test.each([
  ['back', -HOUR_MS],
  ['ahead', HOUR_MS],
])(
  'after the clock of Redis was set %s the first mail is sent, and one that waits is tried again',
  async (_, byMs) => {
    const { mailer, smtp } = await aMailer(byMs)
    smtp.script.rcptTo = () => {
      delete smtp.script.rcptTo
      return { code: 451, text: '4.7.1 come again' }
    }
    expect((await mailer.send(aMessage())).json()).toMatchObject({ state: 'queued' })
    await eventually(() => expect(smtp.mails).toHaveLength(1))
  },
)
