import { message, messageList } from '@emailauth/contracts/messages'
import { problem } from '@emailauth/contracts/problems'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import type { TestSmtp } from '@emailauth/testing/smtp'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { parseSmtpUrls } from '../../src/smtp/smtp-url.ts'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage, type RunningMailer, runMailer } from '../running-mailer.ts'

let redis: TestRedis
let smtp: TestSmtp
let mailer: RunningMailer
freshMailerForEachTest((fresh) => {
  ;({ redis, smtp, mailer } = fresh)
})

test('a mail goes out, and the answer says what the server said', async () => {
  const request = aMessage({ email: 'Ada+news@xn--bcher-kva.example' })
  const reply = await mailer.send(request)
  expect(reply.statusCode).toBe(200)
  expect(message.parse(reply.json())).toMatchObject({
    messageId: request.messageId,
    identityId: request.identityId,
    state: 'sent',
    attempts: 1,
    nextAttemptAt: null,
    reply: expect.stringMatching(/^250 /),
  })
  expect(smtp.mails).toHaveLength(1)
  expect(smtp.mails[0]).toMatchObject({
    from: 'no-reply@sender.example',
    // smtp-server shows domains decoded; the header below is as it went over the wire.
    to: ['Ada+news@bücher.example'],
  })
  expect(smtp.mails[0]?.raw).toContain('To: Ada+news@xn--bcher-kva.example\r\n')
  expect(smtp.mails[0]?.raw).toContain('1234 5678 9012')
})

test('what the SMTP server calls the mail is kept, also after it came back, and after a retry', async () => {
  smtp.script.data = () => ({ code: 250, text: '2.0.0 Ok: queued as 4TqLkJ1zXKz9sWP' })
  const request = aMessage()
  expect(message.parse((await mailer.send(request)).json())).toMatchObject({
    state: 'sent',
    reply: '250 2.0.0 Ok: queued as 4TqLkJ1zXKz9sWP',
    providerId: '4TqLkJ1zXKz9sWP',
    relay: `127.0.0.1:${smtp.port}`,
  })
  const known = messageList.parse((await mailer.get(`/v1/messages?ids=${request.identityId}`)).json())
  expect(known.messages).toMatchObject([{ providerId: '4TqLkJ1zXKz9sWP' }])
  const listed = messageList.parse((await mailer.get('/v1/messages?state=sent')).json())
  expect(listed.messages).toMatchObject([{ providerId: '4TqLkJ1zXKz9sWP' }])
  smtp.script.data = () => ({ code: 451, text: '4.3.0 queued as X1' })
  expect((await mailer.send(aMessage())).json()).toMatchObject({ state: 'queued', providerId: null })
})

test("headers for providers: of all mails, and of a tenant's, which outweigh them; tracking is off", async () => {
  const relay = parseSmtpUrls(`smtp://smtp.postmarkapp.com:${smtp.port}?starttls=none`)
  const other = await runMailer(redis.url, smtp.url, {
    smtpServers: relay,
    extraHeaders: { 'X-PM-Message-Stream': 'outbound', 'X-All': 'yes' },
    limits: { resolve: async () => ['127.0.0.1'] },
  })
  const headers = [
    { name: 'x-pm-message-stream', value: 'codes' },
    { name: 'X-Own-Id', value: '{message-id}' },
  ]
  await other.send(aMessage({ mail: { headers } }))
  await other.send(aMessage())
  await other.close()
  const [own, plain] = smtp.mails.map(({ raw }) => raw.slice(0, raw.indexOf('\r\n\r\n')))
  for (const line of ['X-All: yes', 'X-PM-TrackOpens: false', 'X-PM-TrackLinks: None']) {
    expect(own).toMatch(new RegExp(`^${line}\r?$`, 'im'))
    expect(plain).toMatch(new RegExp(`^${line}\r?$`, 'im'))
  }
  expect(own?.match(/^x-pm-message-stream: .*$/gim)?.map((line) => line.trim())).toEqual([
    'X-Pm-Message-Stream: codes',
  ])
  expect(/^X-Own-Id: (.*)$/im.exec(own ?? '')?.[1]).toBe(/^Message-ID: (.*)$/im.exec(own ?? '')?.[1])
  expect(plain).toMatch(/^X-PM-Message-Stream: outbound\r?$/im)
  expect(plain).not.toMatch(/^X-Own-Id/im)
})

test('lines that begin with a dot arrive as they are', async () => {
  const tenantName = `${'.'.repeat(70)}end`
  await mailer.send(aMessage({ tenantName }))
  expect((await PostalMime.parse(smtp.mails[0]?.raw ?? '')).text).toContain(
    `Tell it to nobody: ${tenantName} never`,
  )
})

test('an address beyond ASCII goes out as UTF-8', async () => {
  await mailer.send(aMessage({ email: 'josé@example.com' }))
  expect(smtp.mails[0]?.to).toEqual(['josé@example.com'])
  expect(smtp.mails[0]?.raw).toContain('To: josé@example.com\r\n')
})

test('only what Redis has is called queued: a mail that nobody would send is an error, also to who does not wait', async () => {
  const request = aMessage()
  process.kill(redis.pid, 'SIGSTOP')
  const refused = await mailer.post('/v1/messages', request, { prefer: 'respond-async' })
  process.kill(redis.pid, 'SIGCONT')
  expect(problem.parse(refused.json())).toMatchObject({ status: 503 })

  const queued = aMessage({ email: 'queued@example.com' })
  await eventually(async () => {
    const reply = await mailer.post('/v1/messages', queued, { prefer: 'respond-async' })
    expect([200, 202]).toContain(reply.statusCode)
  })
  await eventually(() => expect(smtp.mails.map(({ to }) => to[0])).toContain(queued.email))
})

test('a number that died is not mailed; one that was sent before stays sent', async () => {
  const expiresAt = new Date(Date.now() - 1000).toISOString()
  const late = aMessage({ expiresAt })
  expect((await mailer.send(late)).json()).toMatchObject({ state: 'expired', attempts: 0 })
  const sent = aMessage()
  await mailer.send(sent)
  expect((await mailer.send({ ...sent, expiresAt })).json()).toMatchObject({ state: 'sent', attempts: 1 })
  expect(smtp.mails).toHaveLength(1)
})

test('the newest message of each identity is returned; unknown ones are left out', async () => {
  const [a, b] = [aMessage(), aMessage()]
  const again = { ...a, messageId: `${a.identityId}#2` }
  await Promise.all([mailer.send(a), mailer.send(b)])
  await mailer.send(again)
  expect(smtp.mails).toHaveLength(3)
  const reply = await mailer.get(
    `/v1/messages?ids=${a.identityId},${aMessage().identityId},${b.identityId},${b.identityId}`,
  )
  const { messages } = messageList.parse(reply.json())
  expect(messages.map(({ messageId }) => messageId)).toEqual([again.messageId, b.messageId])
  expect((await mailer.get('/v1/messages?ids=')).json()).toEqual({ messages: [] })
  expect((await mailer.get('/v1/messages')).statusCode).toBe(400)
  expect((await mailer.get(`/v1/messages?ids=${'x,'.repeat(300)}`)).statusCode).toBe(400)
})

test('after a drop nothing is sent, also when the drop comes before the message', async () => {
  const [early, sent] = [aMessage(), aMessage()]
  await mailer.send(sent)
  const reply = await mailer.post('/v1/messages/drops', { identityIds: [early.identityId, sent.identityId] })
  expect(reply.statusCode).toBe(204)
  expect((await mailer.send(early)).json()).toMatchObject({ state: 'dropped', attempts: 0 })
  expect((await mailer.send(sent)).json()).toMatchObject({ state: 'sent' })
  const again = await mailer.send({ ...sent, messageId: `${sent.identityId}#2` })
  expect(again.json()).toMatchObject({ state: 'dropped' })
  expect(smtp.mails).toHaveLength(1)
})

test.each([
  ['an empty address', { email: '' }],
  ['CR/LF in the address', { email: 'ada@example.com\r\nBcc: eve@example.com' }],
  ['two addresses', { email: 'ada@example.com,eve@example.com' }],
  ['a huge address', { email: `${'a'.repeat(400)}@example.com` }],
  ['a number that is none', { number: '1234\r\n' }],
  ['a moment that is none', { expiresAt: 'tomorrow' }],
  ['an empty message id', { messageId: '' }],
])('%s is bad input, and nothing is sent', async (_name, changes) => {
  const reply = await mailer.send(aMessage(changes))
  expect(reply.statusCode).toBe(400)
  expect(problem.parse(reply.json()).code).toBe('bad-input')
  expect(smtp.connections()).toBe(0)
})

test('without Redis nothing is sent, and every route says so', async () => {
  const own = await startRedis()
  const blind = await runMailer(own.url, smtp.url)
  await own.kill()
  const request = aMessage()
  expect((await blind.send(request)).statusCode).toBe(503)
  expect((await blind.get(`/v1/messages?ids=${request.identityId}`)).statusCode).toBe(503)
  expect((await blind.get('/v1/messages?state=sent')).statusCode).toBe(503)
  expect((await blind.get('/v1/messages/counts?tenantId=demo')).statusCode).toBe(503)
  const drop = await blind.post('/v1/messages/drops', { identityIds: [request.identityId] })
  expect(drop.statusCode).toBe(503)
  expect((await blind.app.inject('/readyz')).statusCode).toBe(503)
  expect(smtp.mails).toHaveLength(0)
  await blind.close()
  await own.stop()
})

test('strangers are sent away, and metrics count attempts by state', async () => {
  expect(
    (await mailer.app.inject({ method: 'POST', url: '/v1/messages', payload: aMessage() })).statusCode,
  ).toBe(401)
  await mailer.send(aMessage())
  const { body } = await mailer.get('/metrics')
  expect(body).toMatch(/emailauth_message_attempts_total\{state="sent",[^}]*\} 1/)
  expect(body).toMatch(/emailauth_message_hand_over_seconds_count\{.*state="sent".*\} 1/)
  expect(body).toMatch(/emailauth_smtp_reachable\{[^}]*\} 1/)
  expect(body).not.toMatch(/ada@|demo\./)
})
