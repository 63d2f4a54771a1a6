import { eventually } from '@emailauth/testing/eventually'
import type { TestRedis } from '@emailauth/testing/redis'
import type { TestSmtp } from '@emailauth/testing/smtp'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage, runMailer } from '../running-mailer.ts'

let redis: TestRedis
let smtp: TestSmtp
freshMailerForEachTest((fresh) => {
  ;({ redis, smtp } = fresh)
})

test('the log says which relay does not work, and why, once; and that it works again', async () => {
  await smtp.stop()
  const lines: { msg: string; relay?: string; reply?: string }[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const mailer = await runMailer(redis.url, smtp.url, {
    logger,
    limits: { faultsToOpen: 2, firstProbeMs: 20, lastProbeMs: 20 },
  })
  onTestFinished(() => mailer.close())
  for (let i = 0; i < 4; i++) await mailer.send(aMessage({ email: 'planted@example.com' }))
  const told = (part: string) => lines.filter(({ msg }) => msg.includes(part))
  expect(told('a relay does not work')).toEqual([
    expect.objectContaining({
      relay: `127.0.0.1:${smtp.port}`,
      reply: expect.stringContaining('The SMTP server'),
    }),
  ])
  await smtp.restart()
  await eventually(() => expect(told('a relay works again')).toHaveLength(1))
  expect(JSON.stringify(lines)).not.toContain('planted')
})
