import { createSign } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { CERTIFICATE_URL, makeSnsCertificate } from '../../../test/bounces/sns-certificate.ts'
import { createSesHook } from './ses.ts'

const DAY_MS = 86_400_000
const ID = '<token.of-a-message@acme.example>'
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const theirs = { problem: { code: 'unauthenticated' } }

let amazon: Awaited<ReturnType<typeof makeSnsCertificate>>
let nowMs: number
beforeAll(async () => {
  amazon = await makeSnsCertificate()
  // The certificate is good from its own second on.
  nowMs = Date.now() + 60_000
})

const topicArn = 'arn:aws:sns:eu-west-1:123456789012:bounces'

/** An SNS message with a valid signature. */
function snsMessage(changes: Record<string, string> = {}): Record<string, string> {
  const message: Record<string, string> = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: topicArn,
    Message: '{}',
    Timestamp: new Date(nowMs).toISOString(),
    SignatureVersion: '2',
    SigningCertURL: CERTIFICATE_URL,
    ...changes,
  }
  const names =
    message.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const text = names
    .filter((name) => name in message)
    .map((name) => `${name}\n${message[name]}\n`)
    .join('')
  const signer = createSign(message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
  return { ...message, Signature: signer.update(text).sign(amazon.key, 'base64') }
}

function sesHook() {
  const fetched: string[] = []
  const fetchText = async (url: string) => {
    fetched.push(url)
    return amazon.certificate
  }
  return { read: createSesHook({ topicArn, fetchText, now: () => nowMs }), fetched }
}

const bounced = JSON.stringify({
  notificationType: 'Bounce',
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [
      {
        emailAddress: '"Ada" <gone@example.com>',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 unknown',
      },
    ],
  },
  mail: {
    messageId: '0100',
    headers: [{ name: 'Message-ID', value: ID }],
    commonHeaders: { messageId: '<other@x>' },
  },
})

test.each(['1', '2'])(
  'bounces and complaints, signature version %s; one certificate for all',
  async (SignatureVersion) => {
    const { read, fetched } = sesHook()
    const call = (Message: string) =>
      read({ headers: {}, body: json(snsMessage({ Message, SignatureVersion, Subject: 'Amazon SES' })) })
    expect(await call(bounced)).toEqual([
      {
        messageId: ID,
        email: '"Ada" <gone@example.com>',
        permanent: true,
        reason: 'smtp; 550 5.1.1 unknown',
      },
    ])
    expect(await call(bounced.replace('Permanent', 'Transient'))).toMatchObject([{ permanent: false }])
    const complaint = JSON.stringify({
      eventType: 'Complaint',
      complaint: {
        complainedRecipients: [{ emailAddress: 'angry@example.com' }],
        complaintFeedbackType: 'abuse',
      },
      mail: { commonHeaders: { messageId: ID } },
    })
    expect(await call(complaint)).toEqual([
      { messageId: ID, email: 'angry@example.com', permanent: true, reason: 'complaint: abuse' },
    ])
    expect(await call('{"notificationType":"Delivery"}')).toEqual([])
    expect(fetched).toEqual([CERTIFICATE_URL])
  },
)

test('calls that come while the certificate is fetched share it, also one that cannot be had', async () => {
  const { read, fetched } = sesHook()
  const call = () => read({ headers: {}, body: json(snsMessage({ Message: bounced })) })
  expect(await Promise.all([call(), call(), call()])).toHaveLength(3)
  expect(fetched).toHaveLength(1)

  let tries = 0
  const fetchText = async () => {
    tries += 1
    throw new Error('no answer')
  }
  const away = createSesHook({ topicArn, fetchText, now: () => nowMs })
  const once = () => away({ headers: {}, body: json(snsMessage({ Message: bounced })) })
  const both = await Promise.allSettled([once(), once()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(tries).toBe(1)
  await expect(once()).rejects.toMatchObject(theirs)
  expect(tries, 'a later call tries again').toBe(2)
})

test('a certificate is fetched again after a day', async () => {
  const began = nowMs
  const { read, fetched } = sesHook()
  const call = () => read({ headers: {}, body: json(snsMessage({ Message: bounced })) })
  await call()
  nowMs = began + DAY_MS - 1
  await call()
  expect(fetched).toHaveLength(1)
  nowMs = began + DAY_MS + 1
  await call()
  expect(fetched).toHaveLength(2)
  nowMs = began
})

test("the name of Amazon's certificate has at most 64 characters after its head", async () => {
  const { read } = sesHook()
  const call = (length: number) => {
    const SigningCertURL = CERTIFICATE_URL.replace(/-\w+\.pem$/, `-${'a'.repeat(length)}.pem`)
    return read({ headers: {}, body: json(snsMessage({ Message: bounced, SigningCertURL })) })
  }
  expect(await call(64)).toHaveLength(1)
  await expect(call(65)).rejects.toMatchObject(theirs)
})

test('what is altered, old, of another topic, or names a certificate elsewhere is not believed', async () => {
  const { read, fetched } = sesHook()
  const good = snsMessage({ Message: bounced })
  const wrong = [
    { ...good, Message: bounced.replace('gone', 'ada') },
    { ...good, Signature: 'AAAA' },
    snsMessage({ Message: bounced, TopicArn: 'arn:aws:sns:eu-west-1:999999999999:bounces' }),
    snsMessage({ Message: bounced, Timestamp: new Date(nowMs - 2 * DAY_MS).toISOString() }),
    ...[
      'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
      'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0123456789abcdef.pem',
      'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
      'https://evil@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
      'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0123456789abcdef.pem',
      'https://sns.eu-west-1.amazonaws.com/bucket/evil.pem',
      `${CERTIFICATE_URL}?another`,
      `${CERTIFICATE_URL}#another`,
      'https://bucket.s3.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem',
      'no url',
    ].map((SigningCertURL) => snsMessage({ Message: bounced, SigningCertURL })),
  ]
  for (const message of wrong) {
    await expect(read({ headers: {}, body: json(message) })).rejects.toMatchObject(theirs)
  }
  expect(new Set(fetched)).toEqual(new Set([CERTIFICATE_URL]))
})

test('a certificate is fetched once, however its URL is spelled', async () => {
  const { read, fetched } = sesHook()
  const spellings = [
    CERTIFICATE_URL,
    ` ${CERTIFICATE_URL.replace('https://sns', 'HTTPS://SNS')}`,
    CERTIFICATE_URL.replace('.com/', '.com:443/./a/../'),
    `${CERTIFICATE_URL}?`,
    `${CERTIFICATE_URL}#`,
  ]
  for (const SigningCertURL of spellings)
    await read({ headers: {}, body: json(snsMessage({ Message: bounced, SigningCertURL })) })
  expect(fetched).toEqual([CERTIFICATE_URL])
})

test('a subscription is confirmed at Amazon, and nowhere else', async () => {
  const { read, fetched } = sesHook()
  const url = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t'
  const confirmation = { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: url }
  expect(await read({ headers: {}, body: json(snsMessage(confirmation)) })).toEqual([])
  expect(fetched).toEqual([CERTIFICATE_URL, url])
  const elsewhere = snsMessage({
    ...confirmation,
    SubscribeURL: 'https://10.0.0.1/?Action=ConfirmSubscription',
  })
  await expect(read({ headers: {}, body: json(elsewhere) })).rejects.toMatchObject(theirs)
  expect(fetched).toHaveLength(2)
})
