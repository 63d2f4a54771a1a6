import { eventually } from '@emailauth/testing/eventually'
import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage, type RunningMailer } from '../running-mailer.ts'

let smtp: TestSmtp
let mailer: RunningMailer
freshMailerForEachTest((fresh) => {
  ;({ smtp, mailer } = fresh)
})

test('in a full Redis a mail leaves at once; one that has to wait is kept, and sent when Redis has room', async () => {
  const waits = aMessage({ email: 'waits@example.com' })
  const sent = aMessage()
  await mailer.redis.config('SET', 'maxmemory', '1')
  try {
    for (const _ of [1, 2]) expect((await mailer.send(sent)).json()).toMatchObject({ state: 'sent' })
    smtp.script.rcptTo = () => ({ code: 451, text: '4.7.1 come again' })
    expect((await mailer.send(waits)).json()).toMatchObject({ state: 'queued', reason: 'temporary' })
  } finally {
    await mailer.redis.config('SET', 'maxmemory', '0')
  }
  delete smtp.script.rcptTo
  await eventually(() => expect(smtp.mails.map(({ to }) => to[0])).toEqual([sent.email, waits.email]))
  await eventually(async () => {
    const { messages } = (await mailer.get(`/v1/messages?ids=${waits.identityId}`)).json()
    expect(messages).toMatchObject([{ state: 'sent' }])
  })
})
