import { messageList } from '@emailauth/contracts/messages'
import { problem } from '@emailauth/contracts/problems'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { aMessage, type RunningMailer, runMailer } from '../../test/running-mailer.ts'

let redis: TestRedis
let smtp: TestSmtp
let mailer: RunningMailer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis?.stop())
beforeEach(async () => {
  smtp = await startSmtp()
  mailer = await runMailer(redis.url, smtp.url)
})
afterEach(async () => {
  await mailer?.close()
  await smtp?.stop()
})

test('a refusal of the address is final: the same call again asks nobody', async () => {
  let asked = 0
  smtp.script.rcptTo = (address) => {
    asked++
    return { code: 550, text: `5.1.1 <${address}> does not exist` }
  }
  const request = aMessage()
  for (const _ of [1, 2]) {
    const reply = await mailer.send(request)
    expect(reply.statusCode).toBe(422)
    expect(problem.parse(reply.json())).toMatchObject({ code: 'email-rejected', field: 'email' })
    expect(reply.body).not.toContain('ada@')
  }
  expect(asked).toBe(1)
  const { messages } = messageList.parse((await mailer.get(`/v1/messages?ids=${request.identityId}`)).json())
  expect(messages).toMatchObject([{ state: 'rejected', attempts: 1, reply: '550 5.1.1 <…> does not exist' }])
})

test('a refusal of the content is final too', async () => {
  smtp.script.data = () => ({ code: 554, text: '5.6.0 no' })
  expect((await mailer.send(aMessage())).json().code).toBe('email-rejected')
})

test('greylisting: unavailable first, sent when the caller comes again', async () => {
  const answers = [{ code: 451, text: '4.7.1 come again' }, undefined]
  smtp.script.rcptTo = () => answers.shift()
  const request = aMessage()
  const first = await mailer.send(request)
  expect(first.statusCode).toBe(503)
  expect(first.headers['retry-after']).toBe('5')
  expect(problem.parse(first.json()).code).toBe('unavailable')
  const path = `/v1/messages?ids=${request.identityId}`
  expect((await mailer.get(path)).json().messages).toMatchObject([{ state: 'deferred', attempts: 1 }])
  expect((await mailer.send(request)).json()).toMatchObject({ state: 'sent', attempts: 2 })
  expect(smtp.mails).toHaveLength(1)
})

test.each([
  ['refuses the sender', { mailFrom: () => ({ code: 550, text: '5.1.8 who are you' }) }],
  ['does not relay', { rcptTo: () => ({ code: 554, text: '5.7.1 Relay access denied' }) }],
  ['shuts down', { data: () => ({ code: 421, text: '4.3.2 shutting down' }) }],
  ['drops the connection at RCPT', { rcptTo: () => 'drop' as const }],
  ['drops the connection after DATA', { data: () => 'drop' as const }],
  ['drops every connection', { connect: () => 'drop' as const }],
])('a server that %s is no fault of the address', async (_name, script) => {
  Object.assign(smtp.script, script)
  const reply = await mailer.send(aMessage())
  expect(reply.statusCode).toBe(503)
  expect(smtp.mails).toHaveLength(0)
})

test('nobody listens: unavailable, and readiness stays', async () => {
  const alone = await runMailer(redis.url, `smtp://127.0.0.1:${await freePort()}`)
  expect((await alone.send(aMessage())).statusCode).toBe(503)
  expect((await alone.app.inject('/readyz')).statusCode).toBe(200)
  expect((await alone.app.inject('/metrics')).body).toMatch(/emailauth_smtp_reachable\{[^}]*\} 0/)
  await alone.close()
})

test('a server that never greets is given up', async () => {
  smtp.script.connect = () => new Promise(() => {})
  const hasty = await runMailer(redis.url, smtp.url, { limits: { greetingTimeoutMs: 100 } })
  const request = aMessage()
  expect((await hasty.send(request)).statusCode).toBe(503)
  expect((await hasty.get(`/v1/messages?ids=${request.identityId}`)).json().messages).toMatchObject([
    { state: 'deferred', reply: 'The SMTP server did not answer in time.' },
  ])
  await hasty.close()
})

test('a server that falls silent is given up', async () => {
  smtp.script.data = () => new Promise(() => {})
  const hasty = await runMailer(redis.url, smtp.url, { limits: { socketTimeoutMs: 100 } })
  expect((await hasty.send(aMessage())).statusCode).toBe(503)
  await hasty.close()
})

test('no attempt lasts longer than its number', async () => {
  smtp.script.rcptTo = () => new Promise(() => {})
  const startedAtMs = Date.now()
  const request = aMessage({ expiresAt: new Date(startedAtMs + 200).toISOString() })
  expect((await mailer.send(request)).statusCode).toBe(503)
  expect(Date.now() - startedAtMs).toBeLessThan(5000)
  expect((await mailer.send(request)).json()).toMatchObject({ state: 'expired', attempts: 1 })
})

test('wrong SMTP credentials are our fault, not that of the address', async () => {
  const guarded = await startSmtp(
    { auth: (_user, password) => (password === 'right' ? undefined : { code: 535, text: '5.7.8 no' }) },
    { disabledCommands: ['STARTTLS'], authOptional: false, allowInsecureAuth: true },
  )
  for (const [password, status] of [
    ['wrong', 503],
    ['right', 200],
  ] as const) {
    const known = await runMailer(redis.url, guarded.url.replace('//', `//ada:${password}@`))
    expect((await known.send(aMessage())).statusCode).toBe(status)
    await known.close()
  }
  await guarded.stop()
})

test('the next server is tried when the first one is gone', async () => {
  const two = await runMailer(redis.url, `smtp://127.0.0.1:${await freePort()},${smtp.url}`)
  expect((await two.send(aMessage())).json().state).toBe('sent')
  await two.close()
})
