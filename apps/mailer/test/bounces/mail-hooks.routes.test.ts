import { createSign } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import { type FreshMailer, freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage, runMailer } from '../running-mailer.ts'
import { CERTIFICATE_URL, makeSnsCertificate } from './sns-certificate.ts'

let fresh: FreshMailer
freshMailerForEachTest((started) => {
  fresh = started
})

test('a notification of Amazon SES: proved by its certificate, harmless when it comes again', async () => {
  const { certificate, key } = await makeSnsCertificate()
  const topicArn = 'arn:aws:sns:eu-west-1:123456789012:bounces'
  const other = await runMailer(fresh.redis.url, fresh.smtp.url, {
    providers: { sesTopicArn: topicArn, fetchFromAmazon: async () => certificate },
  })
  await other.send(aMessage({ email: 'gone@example.com' }))
  const bounce = { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: 'Gone <gone@EXAMPLE.com>' }] }
  const mail = {
    headers: [
      { name: 'Message-ID', value: /^Message-ID: (.*)\r$/m.exec(fresh.smtp.mails.at(-1)?.raw ?? '')?.[1] },
    ],
  }
  const message: Record<string, string> = {
    Message: JSON.stringify({ notificationType: 'Bounce', bounce, mail }),
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    // Later than the certificate that was made just now.
    Timestamp: new Date(Date.now() + 2000).toISOString(),
    TopicArn: topicArn,
    Type: 'Notification',
  }
  const signed = Object.entries(message)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('')
  const post = (Signature: string) => {
    const body = JSON.stringify({
      ...message,
      SignatureVersion: '2',
      SigningCertURL: CERTIFICATE_URL,
      Signature,
    })
    return other.post('/v1/mail-hooks/ses', { headers: {}, body: Buffer.from(body).toString('base64') })
  }
  const good = createSign('RSA-SHA256').update(signed).sign(key, 'base64')
  const suppressed = async () => (await other.get('/v1/suppressions?tenantId=demo')).json().suppressions
  expect((await post(`${good.slice(0, -8)}AAAAAAA=`)).statusCode).toBe(401)
  expect(await suppressed()).toEqual([])
  await eventually(async () => expect((await post(good)).statusCode).toBe(204))
  expect((await post(good)).statusCode).toBe(204)
  expect(await suppressed()).toMatchObject([{ email: 'gone@example.com' }])
  await other.close()
})

test("a provider's report may take 2 MiB between the services", async () => {
  const codeOf = async (bytes: number) => {
    const empty = JSON.stringify({ headers: {}, body: '' }).length
    const reply = await fresh.mailer.post('/v1/mail-hooks/generic', {
      headers: {},
      body: 'x'.repeat(bytes - empty),
    })
    return reply.json().code
  }
  expect(await codeOf(2 * 1024 * 1024)).toBe('bad-input')
  expect(await codeOf(2 * 1024 * 1024 + 1)).toBe('payload-too-large')
})
