import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { isSignedBounce, signBounce } from '../bounce-signature.ts'
import { createGenericHook } from './generic.ts'
import { createMailgunHook } from './mailgun.ts'
import { createPostmarkHook } from './postmark.ts'
import { createSendgridHook, parseSendgridKey } from './sendgrid.ts'

const NOW_MS = Date.now()
const now = () => NOW_MS
const seconds = Math.floor(NOW_MS / 1000)
const DAY_SECONDS = 86_400
const ID = '<token.of-a-message@acme.example>'
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const theirs = { problem: { code: 'unauthenticated' } }

test('SendGrid: a batch, signed; altered, old, by another key or not at all', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const read = createSendgridHook(parseSendgridKey(key), now)
  const body = json([
    {
      email: 'gone@example.com',
      event: 'bounce',
      type: 'bounce',
      status: '5.1.1',
      reason: '550 5.1.1 unknown',
      'smtp-id': ID,
      sg_event_id: 'x',
    },
    { email: 'ok@example.com', event: 'delivered', 'smtp-id': ID },
    { email: 'later@example.com', event: 'bounce', type: 'blocked', reason: '421 later', 'smtp-id': ID },
    { email: 'angry@example.com', event: 'spamreport', 'smtp-id': ID },
    { email: 'no-id@example.com', event: 'bounce' },
  ])
  const signed = (timestamp: number | string, bytes = body, by = privateKey) => ({
    'x-twilio-email-event-webhook-timestamp': String(timestamp),
    'x-twilio-email-event-webhook-signature': sign(
      'sha256',
      Buffer.concat([Buffer.from(String(timestamp)), bytes]),
      by,
    ).toString('base64'),
  })
  expect(await read({ headers: signed(seconds), body })).toEqual([
    { messageId: ID, email: 'gone@example.com', permanent: true, reason: '550 5.1.1 unknown' },
    { messageId: ID, email: 'later@example.com', permanent: false, reason: '421 later' },
    { messageId: ID, email: 'angry@example.com', permanent: true, reason: 'spamreport' },
  ])
  expect(await read({ headers: signed(String(seconds).padStart(12, '0')), body })).toHaveLength(3)
  const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
  for (const headers of [
    {},
    { ...signed(seconds), 'x-twilio-email-event-webhook-signature': 'AAAA' },
    { ...signed(seconds), 'x-twilio-email-event-webhook-timestamp': String(seconds + 1) },
    signed(seconds, json([])),
    signed(seconds, body, other),
    signed(seconds - 2 * DAY_SECONDS),
    signed(seconds + 3600),
    signed(String(seconds).padStart(13, '0')),
  ]) {
    await expect(read({ headers, body })).rejects.toMatchObject(theirs)
  }
  const nonsense = Buffer.from('{')
  await expect(read({ headers: signed(seconds, nonsense), body: nonsense })).rejects.toMatchObject({
    problem: { code: 'bad-input' },
  })
  expect(() => parseSendgridKey('AAAA')).toThrow('verification key')
})

test('Mailgun: failed and complained, signed by the key; passing failures pass', async () => {
  const signingKey = 'key-0123456789abcdef'
  const read = createMailgunHook(signingKey, now)
  const call = (
    event: object,
    { timestamp = String(seconds), key = signingKey, token = 'a'.repeat(50) } = {},
  ) => {
    const signature = createHmac('sha256', key)
      .update(timestamp + token)
      .digest('hex')
    return { headers: {}, body: json({ signature: { timestamp, token, signature }, 'event-data': event }) }
  }
  const failed = {
    event: 'failed',
    severity: 'permanent',
    recipient: 'gone@example.com',
    reason: 'bounce',
    message: { headers: { 'message-id': ID.slice(1, -1), subject: 'x' } },
    'delivery-status': { code: 550, message: '5.1.1 No such user' },
  }
  const bounce = {
    messageId: ID.slice(1, -1),
    email: 'gone@example.com',
    permanent: true,
    reason: '5.1.1 No such user',
  }
  expect(await read(call(failed))).toEqual([bounce])
  expect(await read(call({ ...failed, severity: 'temporary' }))).toEqual([{ ...bounce, permanent: false }])
  expect(await read(call({ ...failed, event: 'complained', 'delivery-status': null, reason: null }))).toEqual(
    [{ ...bounce, reason: 'complained' }],
  )
  expect(await read(call({ ...failed, event: 'delivered' }))).toEqual([])
  await expect(read(call(failed, { key: 'key-of-somebody-else' }))).rejects.toMatchObject(theirs)
  await expect(read(call(failed, { timestamp: String(seconds - 2 * DAY_SECONDS) }))).rejects.toMatchObject(
    theirs,
  )
  const notUnderstood = { problem: { code: 'bad-input' } }
  await expect(read({ headers: {}, body: json({ 'event-data': failed }) })).rejects.toMatchObject(
    notUnderstood,
  )
  const padded = (length: number) => call(failed, { timestamp: String(seconds).padStart(length, '0') })
  expect(await read(padded(12))).toEqual([bounce])
  await expect(read(padded(13))).rejects.toMatchObject(notUnderstood)
  for (const token of ['a', 'a'.repeat(200)]) expect(await read(call(failed, { token }))).toEqual([bounce])
  for (const token of ['', 'a'.repeat(201)])
    await expect(read(call(failed, { token }))).rejects.toMatchObject(notUnderstood)
})

test('the time of our own signature has at most 12 digits', () => {
  const body = json({})
  const isSigned = (length: number) => {
    const header = `t=${String(seconds).padStart(length, '0')},v1=${signBounce('secret', seconds, body)}`
    return isSignedBounce('secret', header, body, NOW_MS)
  }
  expect([isSigned(12), isSigned(13)]).toEqual([true, false])
})

test('our own form: one bounce or up to 1,000, signed', async () => {
  const secret = 's'.repeat(32)
  const read = createGenericHook(secret, now)
  const call = (value: unknown, by = secret) => {
    const body = json(value)
    return { headers: { 'emailauth-signature': `t=${seconds},v1=${signBounce(by, seconds, body)}` }, body }
  }
  const bounce = { messageId: ID, email: 'gone@example.com', permanent: true, reason: '550 unknown' }
  const many = (howMany: number) => Array.from({ length: howMany }, () => bounce)
  expect(await read(call(bounce))).toEqual([bounce])
  expect(await read(call(many(1000)))).toEqual(many(1000))
  await expect(read(call(many(1001)))).rejects.toMatchObject({ problem: { code: 'bad-input' } })
  await expect(read(call(bounce, 'x'.repeat(32)))).rejects.toMatchObject(theirs)
})

test('Postmark: by the credentials of its URL, and the id that each mail carries as metadata', async () => {
  const read = createPostmarkHook('emailauth:0123456789abcdef')
  const authorization = `Basic ${Buffer.from('emailauth:0123456789abcdef').toString('base64')}`
  const hard = {
    RecordType: 'Bounce',
    Type: 'HardBounce',
    Email: 'gone@example.com',
    Details: 'smtp;550 5.1.1 unknown',
    Description: 'The server was unable to deliver your message',
    MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
    Metadata: { 'emailauth-id': ID },
  }
  const bounce = {
    messageId: ID,
    email: 'gone@example.com',
    permanent: true,
    reason: 'smtp;550 5.1.1 unknown',
  }
  expect(await read({ headers: { authorization }, body: json(hard) })).toEqual([bounce])
  const passing = await read({ headers: { authorization }, body: json({ ...hard, Type: 'Transient' }) })
  expect(passing).toEqual([{ ...bounce, permanent: false }])
  const complaint = await read({
    headers: { authorization },
    body: json({ ...hard, RecordType: 'SpamComplaint' }),
  })
  expect(complaint).toMatchObject([{ permanent: true }])
  expect(await read({ headers: { authorization }, body: json({ ...hard, RecordType: 'Open' }) })).toEqual([])
  for (const headers of [{}, { authorization: 'Basic AAAA' }, { authorization: `${authorization}x` }]) {
    await expect(read({ headers, body: json(hard) })).rejects.toMatchObject(theirs)
  }
})
