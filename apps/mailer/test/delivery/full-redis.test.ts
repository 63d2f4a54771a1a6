import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage, type RunningMailer } from '../running-mailer.ts'

let smtp: TestSmtp
let mailer: RunningMailer
freshMailerForEachTest((fresh) => {
  ;({ smtp, mailer } = fresh)
})

test('in a full Redis a mail leaves at once; one that would have to wait is refused, not promised', async () => {
  await mailer.redis.config('SET', 'maxmemory', '1')
  try {
    const sent = aMessage()
    for (const _ of [1, 2]) expect((await mailer.send(sent)).json()).toMatchObject({ state: 'sent' })
    smtp.script.rcptTo = () => ({ code: 451, text: '4.7.1 come again' })
    expect((await mailer.send(aMessage())).statusCode).toBe(503)
  } finally {
    await mailer.redis.config('SET', 'maxmemory', '0')
  }
  expect(smtp.mails).toHaveLength(1)
})
