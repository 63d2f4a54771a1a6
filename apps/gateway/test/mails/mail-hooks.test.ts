import { execFile } from 'node:child_process'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOOKS_OF_A_CLIENT } from '../../src/mail-hooks/hook-slots.ts'
import { ask, freshAddress, REGISTER, startWorld, type World } from '../world.ts'

const run = promisify(execFile)
const BOUNCE_SECRET = 'b'.repeat(32)
const MAILGUN_KEY = 'key-0123456789abcdef'
const POSTMARK = 'emailauth:0123456789abcdef'
const sendgrid = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })

let world: World
beforeAll(async () => {
  world = await startWorld(
    {},
    {},
    {
      EMAILAUTH_BOUNCE_SECRET: BOUNCE_SECRET,
      EMAILAUTH_MAILGUN_SIGNING_KEY: MAILGUN_KEY,
      EMAILAUTH_POSTMARK_WEBHOOK_AUTH: POSTMARK,
      EMAILAUTH_SENDGRID_WEBHOOK_KEY: sendgrid.publicKey
        .export({ format: 'der', type: 'spki' })
        .toString('base64'),
      EMAILAUTH_SES_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:bounces',
    },
  )
})
afterAll(() => world?.stop())

const post = (provider: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
  world.app.inject({
    method: 'POST',
    url: `/hooks/mail/${provider}`,
    payload,
    headers: { 'content-type': 'text/plain; charset=UTF-8', ...headers },
  })

interface Call {
  readonly body: string
  readonly headers?: Record<string, string>
}

/** What each provider sends about a mail that came back, signed with this secret of its account. */
const PROVIDERS: Record<string, (messageId: string, email: string, isTrue: boolean) => Call> = {
  generic(messageId, email, isTrue) {
    const body = JSON.stringify([
      { messageId, email, reason: '550 5.1.1 unknown' },
      { messageId: '<another@elsewhere.example>', email },
    ])
    const time = Math.floor(Date.now() / 1000)
    const secret = isTrue ? BOUNCE_SECRET : 'c'.repeat(32)
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
    return { body, headers: { 'emailauth-signature': `t=${time},v1=${signature}` } }
  },
  mailgun(messageId, recipient, isTrue) {
    const [timestamp, token] = [String(Math.floor(Date.now() / 1000)), 'a'.repeat(50)]
    const signature = createHmac('sha256', isTrue ? MAILGUN_KEY : 'key-of-somebody')
      .update(timestamp + token)
      .digest('hex')
    const message = { headers: { 'message-id': messageId.replace(/[<>]/g, '') } }
    const event = { event: 'failed', severity: 'permanent', recipient, reason: 'bounce', message }
    return { body: JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event }) }
  },
  postmark(messageId, Email, isTrue) {
    const credentials = Buffer.from(isTrue ? POSTMARK : 'emailauth:somebody-elses').toString('base64')
    const Metadata = { 'emailauth-id': messageId }
    return {
      body: JSON.stringify({ RecordType: 'Bounce', Type: 'HardBounce', Email, Metadata }),
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    }
  },
  sendgrid(messageId, email, isTrue) {
    const body = JSON.stringify([
      { event: 'delivered', email, 'smtp-id': messageId },
      { event: 'bounce', type: 'bounce', email, 'smtp-id': messageId, reason: '550 5.1.1 unknown' },
    ])
    const timestamp = String(Math.floor(Date.now() / 1000))
    const key = isTrue
      ? sendgrid.privateKey
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
    const signature = sign('sha256', Buffer.from(timestamp + body), key).toString('base64')
    const name = 'x-twilio-email-event-webhook'
    return { body, headers: { [`${name}-timestamp`]: timestamp, [`${name}-signature`]: signature } }
  },
}

async function bouncedAndSuppressed(identityId: string, email: string) {
  const query = `{
    messages(tenantId: "demo", state: BOUNCED, first: 200) { nodes { identityId } }
    suppressions(tenantId: "demo", first: 200) { nodes { email } }
  }`
  const { data } = await ask(world.app, world.adminKey, query)
  const times = (list: object[], wanted: object) =>
    list.filter((one) => JSON.stringify(one) === JSON.stringify(wanted)).length
  return [times(data.messages.nodes, { identityId }), times(data.suppressions.nodes, { email })]
}

test.each(Object.keys(PROVIDERS))(
  '%s: a report that is its own marks the mail and stops others to the address, once; a forged one does nothing',
  async (provider) => {
    const email = freshAddress()
    const { data } = await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })
    const { identityId } = data.register
    const raw = world.smtp.mails.find(({ to }) => to.includes(email))?.raw ?? ''
    const [, messageId = ''] = /^Message-ID: (.*)\r$/m.exec(raw) ?? []
    const report = (isTrue: boolean) => {
      const call = PROVIDERS[provider]?.(messageId, email, isTrue) ?? { body: '' }
      return post(provider, call.body, call.headers)
    }
    const forged = await report(false)
    expect([forged.statusCode, forged.json().code]).toEqual([401, 'unauthenticated'])
    expect(await bouncedAndSuppressed(identityId, email)).toEqual([0, 0])
    // Providers try again after a lost answer.
    for (const _ of [1, 2]) expect((await report(true)).statusCode).toBe(204)
    expect(await bouncedAndSuppressed(identityId, email)).toEqual([1, 1])
    const again = await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })
    expect(['EmailRejected', 'RateLimited']).toContain(again.data.register.__typename)
    await eventually(async () => {
      const query = `{ events(identityId: "${identityId}", first: 20) { nodes { type } } }`
      const { nodes } = (await ask(world.app, world.adminKey, query)).data.events
      expect(nodes.filter(({ type }: { type: string }) => type === 'BOUNCED')).toHaveLength(1)
    })
  },
)

test('the shell lines of docs/mail.md for the generic form do what they say', async () => {
  const page = await readFile(new URL('../../../../docs/mail.md', import.meta.url), 'utf8')
  const [lines = ''] = page.match(/(?<=```sh\n)body=[^`]*hooks\/mail\/generic\n/) ?? []
  const email = freshAddress()
  const { data } = await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })
  const raw = world.smtp.mails.find(({ to }) => to.includes(email))?.raw ?? ''
  const [, messageId = ''] = /^Message-ID: (.*)\r$/m.exec(raw) ?? []
  const url = await world.app.listen({ port: 0, host: '127.0.0.1' })
  const script = lines
    .replace('<the Message-ID header>', messageId)
    .replace('ada@example.com', email)
    .replace('https://auth.example.com', url)
    .replace('curl ', 'curl -sSf ')
  await run('bash', ['-euo', 'pipefail', '-c', script], {
    env: { ...process.env, EMAILAUTH_BOUNCE_SECRET: BOUNCE_SECRET },
  })
  expect(await bouncedAndSuppressed(data.register.identityId, email)).toEqual([1, 1])
})

test('Amazon SES: what is not signed by a certificate of Amazon is refused before anything is fetched', async () => {
  const message = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: 'arn:aws:sns:eu-west-1:123456789012:bounces',
    Message: '{}',
    Timestamp: new Date().toISOString(),
    SignatureVersion: '2',
    Signature: 'AAAA',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem',
  }
  const refused = await post('ses', JSON.stringify(message))
  expect([refused.statusCode, refused.json().code]).toEqual([401, 'unauthenticated'])
})

test('what is no report is refused, without any key of ours', async () => {
  const unsigned = JSON.stringify({
    signature: { timestamp: '1', token: 't', signature: '0'.repeat(64) },
    'event-data': { event: 'failed' },
  })
  const refused = await post('mailgun', unsigned)
  expect([refused.statusCode, refused.json().code]).toEqual([401, 'unauthenticated'])
  for (const provider of ['mailgun', 'ses'])
    for (const nonsense of ['{', '', '\u0000', '[]'])
      expect((await post(provider, nonsense)).statusCode, provider + nonsense).toBe(400)
  for (const provider of ['sendgrid', 'postmark', 'generic'])
    for (const nonsense of ['{', '', '[]']) expect((await post(provider, nonsense)).statusCode).toBe(401)
  expect((await post('nobody', '[]')).statusCode).toBe(404)
  expect((await post('mailgun', Buffer.alloc(1024 * 1024 + 1, 'a'))).statusCode).toBe(413)
})

test('an unknown provider, and one report more than eight of a client, are refused before the body is read', async () => {
  const bare = await startWorld()
  const { port } = new URL(await bare.app.listen({ port: 0, host: '127.0.0.1' }))
  const sockets: Socket[] = []
  /** The reply to a report whose body begins, and never ends. */
  const begin = (provider = 'ses') => {
    const socket = connect(Number(port), '127.0.0.1')
    sockets.push(socket)
    const head = [`POST /hooks/mail/${provider} HTTP/1.1`, 'host: localhost', 'content-type: text/plain']
    socket.write([...head, `content-length: ${1024 * 1024}`, '', 'a'].join('\r\n'))
    return new Promise<string>((answer) => {
      socket.once('data', (data) => answer(String(data)))
    })
  }
  const report = (remoteAddress = '127.0.0.1') =>
    bare.app.inject({ method: 'POST', url: '/hooks/mail/ses', payload: '{}', remoteAddress })
  try {
    expect(HOOKS_OF_A_CLIENT).toBe(8)
    expect(await begin('nobody')).toMatch(/^HTTP\/1\.1 404 /)
    const refused = await Promise.race(Array.from({ length: HOOKS_OF_A_CLIENT + 1 }, () => begin()))
    expect(refused).toMatch(/^HTTP\/1\.1 503 /)
    expect(refused).toMatch(/retry-after: 5\r\n/i)
    expect((await report()).statusCode).toBe(503)
    expect((await report('192.0.2.1')).statusCode, 'another client has room of its own').toBe(404)
    for (const socket of sockets) socket.destroy()
    await eventually(async () => expect((await report()).statusCode).toBe(404))
  } finally {
    for (const socket of sockets) socket.destroy()
    await bare.stop()
  }
})

test('a provider that is not set up is answered 404', async () => {
  const bare = await startWorld()
  try {
    for (const provider of [...Object.keys(PROVIDERS), 'ses']) {
      const reply = await bare.app.inject({ method: 'POST', url: `/hooks/mail/${provider}`, payload: '{}' })
      expect(reply.statusCode).toBe(404)
    }
  } finally {
    await bare.stop()
  }
})
