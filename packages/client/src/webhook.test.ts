import { createHmac } from 'node:crypto'
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
  const noBase64 = `v1,§ ${headers['webhook-signature']}`
  expect(
    await verifyWebhook({ body, headers: { ...headers, 'webhook-signature': noBase64 }, secret, now }),
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
  ['a signature that is no base64', { headers: { ...signed(), 'webhook-signature': 'v1,§' } }],
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

test.each([[{ type: 'VERIFIED' }], [[1, 2]], [[]], [7]])(
  'a body that has been parsed, %j, is named as the fault',
  async (parsed) => {
    // Untyped, as `request.body` of Express is.
    const request = JSON.parse(JSON.stringify({ body: parsed }))
    const check = verifyWebhook({ body: request.body, headers: signed(), secret, now })
    await expect(check).rejects.toThrow(TypeError)
    await expect(check).rejects.toThrow('not parsed')
  },
)

test.each([[undefined], [null], [{}]])(
  'a body that Express has not read, %j, is refused as a stranger’s',
  async (missing) => {
    // JSON drops undefined. Untyped, as `request.body` of Express is.
    const request = JSON.parse(JSON.stringify({ body: missing }))
    const check = verifyWebhook({ body: request.body, headers: signed(), secret, now })
    await expect(check).rejects.toThrow(WebhookError)
    await expect(check).rejects.toThrow('has no body')
  },
)

test('an ArrayBuffer and a stream are no missing bodies but faults of the receiver', async () => {
  for (const given of [new ArrayBuffer(8), new Response('{}').body]) {
    const request: Record<string, ReturnType<typeof JSON.parse>> = { body: given }
    const check = verifyWebhook({ body: request.body, headers: signed(), secret, now })
    await expect(check).rejects.toThrow(TypeError)
  }
})

test('a malformed secret is reported without being shown', async () => {
  const check = verifyWebhook({ body, headers: signed(), secret: 'whsec_§geheim', now })
  await expect(check).rejects.toThrow(TypeError)
  await expect(check).rejects.not.toThrow('geheim')
})

/** Headers of any id, time and body, signed by hand. */
function signedAs({
  id = 'msg_1',
  timestamp = String(now / 1000),
  of = body,
}: {
  readonly id?: string
  readonly timestamp?: string
  readonly of?: string | Uint8Array
}) {
  const key = Buffer.from(secret.slice(6), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(of).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` }
}

const OLD = 'The webhook is too old, or a clock is wrong.'
const UNSIGNED = 'No signature of the webhook is right.'
const NO_TIME = 'webhook-timestamp is no time.'
const NO_JSON = 'The body of the webhook is no JSON.'
const noUtf8 = Uint8Array.of(0x22, 0xff, 0x22)

test.each([
  ['no id', { headers: { ...signed(), 'webhook-id': undefined } }, 'The header webhook-id is missing.'],
  ['an empty id', { headers: { ...signed(), 'webhook-id': '' } }, 'The header webhook-id is missing.'],
  [
    'no time',
    { headers: { ...signed(), 'webhook-timestamp': undefined } },
    'The header webhook-timestamp is missing.',
  ],
  [
    'a header that came twice',
    { headers: { ...signed(), 'webhook-signature': [signed()['webhook-signature']] } },
    'The header webhook-signature is missing.',
  ],
  ['no headers', { headers: new Headers() }, 'The header webhook-id is missing.'],
  ['a time with a sign', { headers: signedAs({ timestamp: '+1790000000' }) }, NO_TIME],
  ['a time with a letter', { headers: signedAs({ timestamp: '1790000000s' }) }, NO_TIME],
  ['a time of 13 digits', { headers: signedAs({ timestamp: '0001790000000' }) }, NO_TIME],
  ['one that is a second too old', { now: now + 300_001 }, OLD],
  ['one that is a second too early', { now: now - 300_001 }, OLD],
  ['one that is too old for this server', { now: now + 11_000, toleranceSeconds: 10 }, OLD],
  ['no secret', { secret: [] }, UNSIGNED],
  ['two secrets that are not it', { secret: [other, other] }, UNSIGNED],
  [
    'a signature without its version',
    { headers: { ...signed(), 'webhook-signature': signed()['webhook-signature'].slice(3) } },
    UNSIGNED,
  ],
  [
    'a version behind its signature',
    { headers: { ...signed(), 'webhook-signature': `${signed()['webhook-signature'].slice(3)}v1,` } },
    UNSIGNED,
  ],
  ['a body that is no JSON', { body: '{', headers: signedAs({ of: '{' }) }, NO_JSON],
  ['a body that is no UTF-8', { body: noUtf8, headers: signedAs({ of: noUtf8 }) }, NO_JSON],
])('%s is refused with its reason', async (_name, change, message) => {
  const refused = verifyWebhook({ body, headers: signed(), secret, now, ...change })
  await expect(refused).rejects.toThrow(new WebhookError(message))
  await expect(refused).rejects.toMatchObject({ name: 'WebhookError' })
})

test('a body that is no JSON has its cause; a time of 12 digits and one of a single digit are times', async () => {
  const refused = verifyWebhook({ body: '{', headers: signedAs({ of: '{' }), secret, now })
  await expect(refused).rejects.toMatchObject({ cause: expect.any(SyntaxError) })
  for (const timestamp of ['999999999999', '7']) {
    const at = Number(timestamp) * 1000
    const { timestamp: read } = await verifyWebhook({
      body,
      headers: signedAs({ timestamp }),
      secret,
      now: at,
    })
    expect(read).toEqual(new Date(at))
  }
})

test('without a time it is compared with the present', async () => {
  expect((await verifyWebhook({ body, headers: signed(Date.now()), secret })).id).toBe('msg_1')
  await expect(verifyWebhook({ body, headers: signed(), secret })).rejects.toThrow(OLD)
})

test.each(['whsec_', '', 'whsec_§', `AAAA${secret}`, undefined as unknown as string])(
  '%j is no secret',
  async (malformed) => {
    await expect(verifyWebhook({ body, headers: signed(), secret: [malformed], now })).rejects.toThrow(
      new TypeError('A webhook secret is "whsec_" and base64.'),
    )
  },
)
