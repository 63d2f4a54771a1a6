import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { startSmtp } from '@emailauth/testing/smtp'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { aMessage, runMailer } from '../running-mailer.ts'

test('a mail that waits is not lost to a mailer with other keys: one that has its key sends it', async () => {
  const redis = keep(await startRedis())
  const smtp = keep(await startSmtp())
  smtp.script.rcptTo = () => ({ code: 451, text: '4.7.1 later' })
  const email = 'waiting@example.com'
  const first = await runMailer(redis.url, smtp.url)
  expect((await first.send(aMessage({ email }))).json()).toMatchObject({ state: 'queued' })
  await first.close()
  delete smtp.script.rcptTo

  const lines: { msg: string }[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const other = await runMailer(redis.url, smtp.url, { keyRing: createKeyRing([randomBytes(32)]), logger })
  onTestFinished(() => other.close())
  await eventually(() => {
    const told = lines.filter(({ msg }) => msg.includes('EMAILAUTH_MAILER_KEYS'))
    expect(told).toHaveLength(1)
  }, 60_000)
  expect(smtp.mails).toEqual([])
  // While it runs, both are woken for the job at the same moment each time, and which one gets it is chance.
  await other.close()

  const second = await runMailer(redis.url, smtp.url)
  onTestFinished(() => second.close())
  await eventually(() => expect(smtp.mails.map(({ to }) => to)).toEqual([[email]]), 60_000)
})
