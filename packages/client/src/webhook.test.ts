import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { verifyWebhook, WebhookError } from './webhook.ts'

const secret = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`
const other = `whsec_${Buffer.from('another secret, 24 bytes').toString('base64')}`
const body = '{"type":"VERIFIED","email":"zoë@example.com"}'
const now = 1_790_000_000_000

/** Signed by the scheme's own library. */
function signed(at = now, by = secret, id = 'msg_1') {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(by).sign(id, new Date(at), body),
  }
}

test('what the library of the scheme signs is accepted, in every form', async () => {
  const verified = { id: 'msg_1', timestamp: new Date(now), payload: JSON.parse(body) }
  const headers = signed()
  expect(await verifyWebhook({ body, headers, secret, now })).toEqual(verified)
  const bytes = new TextEncoder().encode(body)
  expect(await verifyWebhook({ body: bytes, headers: new Headers(headers), secret, now })).toEqual(verified)
  expect(await verifyWebhook({ body, headers, secret: [other, secret], now })).toEqual(verified)
  const several = `v1,AAAA v2,x ${signed(now, other)['webhook-signature']} ${headers['webhook-signature']}`
  expect(
    await verifyWebhook({ body, headers: { ...headers, 'webhook-signature': several }, secret, now }),
  ).toEqual(verified)
  const capitals = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
  )
  expect(await verifyWebhook({ body, headers: capitals, secret: secret.slice(6), now })).toEqual(verified)
})

test.each([
  ['another secret', { secret: other }],
  ['another body', { body: `${body} ` }],
  ['another id', { headers: { ...signed(), 'webhook-id': 'msg_2' } }],
  ['another time', { headers: { ...signed(), 'webhook-timestamp': String(now / 1000 + 1) } }],
  ['no signature', { headers: { ...signed(), 'webhook-signature': '' } }],
  [
    'a signature of another version',
    { headers: { ...signed(), 'webhook-signature': signed()['webhook-signature'].replace('v1', 'v2') } },
  ],
  [
    'a cut signature',
    { headers: { ...signed(), 'webhook-signature': signed()['webhook-signature'].slice(0, -5) } },
  ],
  ['a time that is none', { headers: { ...signed(), 'webhook-timestamp': 'now' } }],
  ['no headers', { headers: {} }],
  ['one that is older than 300 s', { now: now + 301_000 }],
  ['one that is 301 s ahead', { now: now - 301_000 }],
])('%s is refused', async (_name, change) => {
  await expect(verifyWebhook({ body, headers: signed(), secret, now, ...change })).rejects.toThrow(
    WebhookError,
  )
})

test('300 s are tolerated, or what is said', async () => {
  await verifyWebhook({ body, headers: signed(), secret, now: now + 300_000 })
  await verifyWebhook({ body, headers: signed(), secret, now: now + 900_000, toleranceSeconds: 900 })
})

test('a malformed secret is reported without being shown', async () => {
  const check = verifyWebhook({ body, headers: signed(), secret: 'whsec_§geheim', now })
  await expect(check).rejects.toThrow(TypeError)
  await expect(check).rejects.not.toThrow('geheim')
})
