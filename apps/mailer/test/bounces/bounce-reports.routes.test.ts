import { expect, test } from 'vitest'
import { signBounce } from '../../src/bounces/bounce-signature.ts'
import { type FreshMailer, freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage } from '../running-mailer.ts'

const bounceSecret = 'a bounce secret of 32 characters'
let fresh: FreshMailer
freshMailerForEachTest(
  (started) => {
    fresh = started
  },
  { bounceSecret },
)

test('a report as a mail server sends it marks the message and suppresses its address; others are clear problems', async () => {
  const request = aMessage({ email: 'gone@example.com' })
  await fresh.mailer.send(request)
  const report = (messageId: string) =>
    [
      'To: bounces@sender.example',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      'Final-Recipient: rfc822; Gone@Example.com',
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 <gone@example.com> unknown',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      `Message-ID: ${messageId}`,
      '--b--',
      '',
    ].join('\r\n')
  const send = (payload: string) => {
    const timestamp = Math.floor(Date.now() / 1000)
    const signature = `t=${timestamp},v1=${signBounce(bounceSecret, timestamp, Buffer.from(payload))}`
    const headers = { 'content-type': 'message/rfc822', 'emailauth-signature': signature }
    return fresh.mailer.app.inject({ method: 'POST', url: '/v1/bounces', payload, headers })
  }
  const messageId = /^Message-ID: (.*)\r$/m.exec(fresh.smtp.mails.at(-1)?.raw ?? '')?.[1] ?? ''
  for (const _ of [1, 2]) expect((await send(report(messageId))).statusCode).toBe(204)
  const { messages } = (await fresh.mailer.get(`/v1/messages?ids=${request.identityId}`)).json()
  expect(messages).toMatchObject([{ state: 'bounced', reply: '550 5.1.1 <…> unknown' }])
  expect((await fresh.mailer.send(aMessage({ email: 'gone@example.com' }))).statusCode).toBe(422)
  expect((await send(report('<of-somebody-else@sender.example>'))).statusCode).toBe(404)
  expect((await send('Subject: Out of office\r\n\r\nBack on Monday')).statusCode).toBe(400)
})
