import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { signBounce } from '../../src/bounces/bounce-signature.ts'
import { goneOf } from '../../src/suppressions/suppressed-address.ts'
import { dumpRedis } from '../redis-dump.ts'
import { aMessage, type RunningMailer, runMailer } from '../running-mailer.ts'

const bounceSecret = 'a bounce secret of 32 characters'
let redis: TestRedis
let smtp: TestSmtp
let mailer: RunningMailer
beforeAll(async () => {
  redis = await startRedis()
  smtp = await startSmtp()
  mailer = await runMailer(redis.url, smtp.url, { bounceSecret })
})
beforeEach(async () => {
  await mailer.redis.flushall()
  smtp.mails.length = 0
})
afterAll(async () => {
  await mailer?.close()
  await smtp?.stop()
  await redis?.stop()
})

function post(payload: string, { secret = bounceSecret, ageSeconds = 0, signedBody = payload } = {}) {
  const timestamp = Math.floor(Date.now() / 1000) - ageSeconds
  const signature = `t=${timestamp},v1=${signBounce(secret, timestamp, Buffer.from(signedBody))}`
  const headers = { 'content-type': 'application/json', 'emailauth-signature': signature }
  return mailer.app.inject({ method: 'POST', url: '/v1/bounces', payload, headers })
}

const bounce = (changes: object) =>
  JSON.stringify({ email: 'gone@example.com', reason: '550 5.1.1 unknown', ...changes })
const messageIdOfLast = () => /^Message-ID: (.*)\r$/m.exec(smtp.mails.at(-1)?.raw ?? '')?.[1] ?? ''

test('a bounce marks the message and stops further mails to the address, of this tenant only', async () => {
  const request = aMessage({ email: 'gone@example.com' })
  await mailer.send(request)
  const messageId = messageIdOfLast()
  for (const _ of [1, 2]) expect((await post(bounce({ messageId }))).statusCode).toBe(204)
  const { messages } = (await mailer.get(`/v1/messages?ids=${request.identityId}`)).json()
  expect(messages).toMatchObject([{ state: 'bounced', reply: '550 5.1.1 unknown' }])
  expect((await mailer.get('/v1/messages?state=bounced')).json().messages).toHaveLength(1)

  const refused = await mailer.send(aMessage({ email: 'Gone@example.com' }))
  expect(refused.statusCode).toBe(422)
  expect(refused.json()).toMatchObject({
    code: 'email-rejected',
    detail: expect.stringContaining('came back'),
  })
  expect((await mailer.send(aMessage({ email: 'gone@example.com', tenantId: 'other' }))).statusCode).toBe(200)
  expect(smtp.mails).toHaveLength(2)
  expect(await dumpRedis(mailer.redis)).not.toMatch(/gone@|5\.1\.1/)
})

test.each([
  ['after its tenant was made again', -1000, 422],
  ['before its tenant was deleted', 60_000, 200],
])('a bounce of a mail that was sent %s', async (_when, lateMs, statusCode) => {
  await mailer.redis.set(goneOf('demo'), Date.now() + lateMs, 'PX', 60_000)
  await mailer.send(aMessage({ email: 'gone@example.com' }))
  for (const _ of [1, 2]) await post(bounce({ messageId: messageIdOfLast() }))
  expect((await mailer.send(aMessage({ email: 'gone@example.com' }))).statusCode).toBe(statusCode)
})

test('a mailbox with dots in odd positions is written to in quotes, and its bounce counts however it is written', async () => {
  expect((await mailer.send(aMessage({ email: 'a..b@docomo.ne.jp' }))).json().state).toBe('sent')
  const [mail] = smtp.mails
  expect(mail?.to).toEqual(['"a..b"@docomo.ne.jp'])
  expect(mail?.raw).toContain('\r\nTo: "a..b"@docomo.ne.jp\r\n')
  expect(
    (await post(bounce({ messageId: messageIdOfLast(), email: '"A..b"＠DOCOMO.ne.jp' }))).statusCode,
  ).toBe(204)
  expect((await mailer.send(aMessage({ email: 'a..b@docomo.ne.jp' }))).statusCode).toBe(422)
  const path = `/v1/suppressions?tenantId=demo&email=${encodeURIComponent('"a..B"＠docomo.ne.jp')}`
  expect((await mailer.delete(path)).statusCode).toBe(204)
  expect((await mailer.send(aMessage({ email: 'a..b@docomo.ne.jp' }))).json().state).toBe('sent')
})

test.each([
  ['rfc822; <Ada+2Bcode@example.com>', 'ada+code@example.com'],
  ['rfc822;ada+2Bcode@example.com', 'ada+2Bcode@example.com'],
  ['"Code, Ada" <ada+code@example.com>', 'ada+code@example.com'],
  ['utf-8; jos\\x{E9}@example.com', 'josé@example.com'],
  ['mailto:gone@example.com', 'gone@example.com'],
])('a report about %j counts for %s', async (reported, email) => {
  await mailer.send(aMessage({ email }))
  expect((await post(bounce({ messageId: messageIdOfLast(), email: reported }))).statusCode).toBe(204)
  const { suppressions } = (await mailer.get('/v1/suppressions?tenantId=demo')).json()
  expect(suppressions.map((one: { email: string }) => one.email.toLowerCase())).toEqual([email.toLowerCase()])
  expect((await mailer.send(aMessage({ email }))).statusCode).toBe(422)
})

test('a bounce of an address in Unicode counts for the mailbox that was mailed to', async () => {
  await mailer.send(aMessage({ email: 'ada@xn--bcher-kva.example' }))
  expect((await post(bounce({ messageId: messageIdOfLast(), email: 'Ada@Bücher.example' }))).statusCode).toBe(
    204,
  )
  expect((await mailer.send(aMessage({ email: 'ada@xn--bcher-kva.example' }))).statusCode).toBe(422)
  const { suppressions } = (await mailer.get('/v1/suppressions?tenantId=demo')).json()
  expect(suppressions).toMatchObject([{ email: 'Ada@xn--bcher-kva.example' }])
})

test('an admin sees the list, takes an address off, and it is written to again', async () => {
  for (let i = 0; i < 5; i++) {
    const email = `gone${i}@example.com`
    await mailer.send(aMessage({ email }))
    await post(bounce({ messageId: messageIdOfLast(), email }))
  }
  const seen: string[] = []
  let after = ''
  do {
    const page = (await mailer.get(`/v1/suppressions?tenantId=demo&first=2${after}`)).json()
    seen.push(...page.suppressions.map(({ email }: { email: string }) => email))
    after = page.nextAfter === null ? '' : `&after=${page.nextAfter}`
  } while (after !== '')
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4].map((i) => `gone${i}@example.com`))
  expect((await mailer.get('/v1/suppressions?tenantId=other')).json().suppressions).toEqual([])

  const path = '/v1/suppressions?tenantId=demo&email=gone3%40example.com'
  expect((await mailer.delete(path)).statusCode).toBe(204)
  expect((await mailer.delete(path)).statusCode).toBe(404)
  expect((await mailer.send(aMessage({ email: 'gone3@example.com' }))).json().state).toBe('sent')
  expect((await mailer.send(aMessage({ email: 'gone4@example.com' }))).statusCode).toBe(422)
})

test('a bounce counts only for the address that the message was sent to, and a forged one for nobody', async () => {
  await mailer.send(aMessage({ email: 'eve@example.com' }))
  const messageId = messageIdOfLast()
  const forged = [
    bounce({ messageId, email: 'ada@example.com' }),
    bounce({ messageId: messageId.replace('.demo@', '.admin@'), email: 'eve@example.com' }),
    bounce({ messageId: `<${'a'.repeat(32)}.demo@example.com>`, email: 'ada@example.com' }),
  ]
  for (const body of forged) expect((await post(body)).statusCode).toBe(404)
  for (const tenantId of ['demo', 'admin']) {
    expect((await mailer.get(`/v1/suppressions?tenantId=${tenantId}`)).json().suppressions).toEqual([])
  }
  expect((await mailer.send(aMessage({ email: 'ada@example.com' }))).json().state).toBe('sent')
  const metrics = (await mailer.get('/metrics')).payload
  expect(metrics).toMatch(/emailauth_bounces_total\{[^}]*outcome="unknown"[^}]*\} [3-9]/)
})

test('a bounce of a sign-in mail is marked, and the admin is written to again', async () => {
  const request = aMessage({ tenantId: 'admin', email: 'root@example.com' })
  await mailer.send(request)
  expect((await post(bounce({ messageId: messageIdOfLast(), email: 'root@example.com' }))).statusCode).toBe(
    204,
  )
  const { messages } = (await mailer.get(`/v1/messages?ids=${request.identityId}`)).json()
  expect(messages).toMatchObject([{ state: 'bounced' }])
  const next = aMessage({ tenantId: 'admin', email: 'root@example.com' })
  expect((await mailer.send(next)).json().state).toBe('sent')
})

test('a passing bounce marks the message only; what looks like a number is not kept', async () => {
  const request = aMessage({ email: 'full@example.com' })
  await mailer.send(request)
  const reason = '452 mailbox of <full@example.com> full: "1234 5678 9012 is your number"'
  await post(bounce({ messageId: messageIdOfLast(), email: 'full@example.com', permanent: false, reason }))
  const { messages } = (await mailer.get(`/v1/messages?ids=${request.identityId}`)).json()
  expect(messages).toMatchObject([{ state: 'bounced', reply: '452 mailbox of <…> full: "… is your number"' }])
  expect((await mailer.send(aMessage({ email: 'full@example.com' }))).json().state).toBe('sent')
})

test('a bounce that is called permanent but quotes a block list marks the message only', async () => {
  const request = aMessage({ email: 'ada@example.com' })
  await mailer.send(request)
  const reason = 'smtp; 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using zen.example'
  const body = bounce({ messageId: messageIdOfLast(), email: 'ada@example.com', permanent: true, reason })
  expect((await post(body)).statusCode).toBe(204)
  const { messages } = (await mailer.get(`/v1/messages?ids=${request.identityId}`)).json()
  expect(messages).toMatchObject([{ state: 'bounced' }])
  expect((await mailer.send(aMessage({ email: 'ada@example.com' }))).json().state).toBe('sent')
})

test('without a genuine, fresh signature nothing is believed', async () => {
  await mailer.send(aMessage())
  const body = bounce({ messageId: messageIdOfLast() })
  expect((await post(body, { secret: 'another secret' })).statusCode).toBe(401)
  expect((await post(body, { ageSeconds: 400 })).statusCode).toBe(401)
  expect((await post(body, { ageSeconds: -400 })).statusCode).toBe(401)
  expect((await post(body, { signedBody: `${body} ` })).statusCode).toBe(401)
  const bare = { method: 'POST', url: '/v1/bounces', payload: body } as const
  expect(
    (await mailer.app.inject({ ...bare, headers: { 'content-type': 'application/json' } })).statusCode,
  ).toBe(401)
  expect((await mailer.get('/v1/suppressions?tenantId=demo')).json().suppressions).toEqual([])
})

test.each([
  ['', 400],
  ['{', 400],
  ['[]', 400],
  [bounce({}), 400],
  [bounce({ messageId: 'a'.repeat(5000) }), 400],
  [bounce({ messageId: '<abc@example.com>' }), 404],
  [bounce({ messageId: `<${'a'.repeat(32)}.${'b'.repeat(12)}.demo@example.com>` }), 404],
  [bounce({ messageId: `<${'a'.repeat(32)}.UPPER@example.com>` }), 404],
  [bounce({ messageId: `<${'a'.repeat(32)}.demo@example.com>`, email: 'a@b\r\nc' }), 404],
  [JSON.stringify({ x: 'x'.repeat(20_000) }), 413],
])('%#: a signed body that is none of ours is a clear problem', async (body, status) => {
  expect((await post(body)).statusCode).toBe(status)
})

test('with a bounce address each mail has a return path of its own', async () => {
  const own = await runMailer(redis.url, smtp.url, { bounceAddress: 'bounces@sender.example' })
  expect((await own.send(aMessage())).json().state).toBe('sent')
  expect((await own.send(aMessage({ email: 'eve@example.com' }))).json().state).toBe('sent')
  const [first, second] = smtp.mails.map(({ from }) => from)
  expect(first).toMatch(/^bounces\+[a-z2-7]{52}@sender\.example$/)
  expect(second).not.toBe(first)
  await own.close()
})

test('without a secret there is no such route', async () => {
  const closed = await runMailer(redis.url, smtp.url)
  expect((await closed.app.inject({ method: 'POST', url: '/v1/bounces', payload: {} })).statusCode).toBe(404)
  await closed.close()
})
