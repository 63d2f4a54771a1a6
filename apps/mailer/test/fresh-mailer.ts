import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type RunningMailer, runMailer } from './running-mailer.ts'

/** A mailer with its own SMTP server and an empty Redis. */
export interface FreshMailer {
  readonly redis: TestRedis
  readonly smtp: TestSmtp
  readonly mailer: RunningMailer
}

/** Gives each test of a file a fresh mailer; Redis is started once. */
export function freshMailerForEachTest(
  take: (fresh: FreshMailer) => void,
  options: Parameters<typeof runMailer>[2] = {},
): void {
  let redis: TestRedis | undefined
  let smtp: TestSmtp | undefined
  let mailer: RunningMailer | undefined
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis?.stop())
  beforeEach(async () => {
    if (redis === undefined) throw new Error('Redis was not started')
    smtp = await startSmtp()
    mailer = await runMailer(redis.url, smtp.url, options)
    await mailer.redis.flushall()
    take({ redis, smtp, mailer })
  })
  afterEach(async () => {
    await mailer?.close()
    await smtp?.stop()
  })
}
