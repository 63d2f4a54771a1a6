import { messageList } from '@emailauth/contracts/messages'
import { problem } from '@emailauth/contracts/problems'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import type { TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { expectWithin } from '@emailauth/testing/timing'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { RFC_TIMEOUTS } from '../../src/smtp/timeouts.ts'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { readField } from '../message-fields.ts'
import { aMessage, type RunningMailer, runMailer } from '../running-mailer.ts'

let redis: TestRedis
let smtp: TestSmtp
let mailer: RunningMailer
freshMailerForEachTest((fresh) => {
  ;({ redis, smtp, mailer } = fresh)
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

test('a refusal of the content says nothing about the address: the mail waits, and its state says why', async () => {
  smtp.script.data = ({ to }) => ({ code: 554, text: `5.6.0 no code 123456789012 for ${to[0]}` })
  const request = aMessage()
  expect((await mailer.send(request)).json()).toMatchObject({ state: 'queued' })
  const { messages } = (await mailer.get(`/v1/messages?ids=${request.identityId}`)).json()
  expect(messages).toMatchObject([{ state: 'deferred', reply: '554 5.6.0 no code … for …' }])
})

test('a further mail that is refused does not take back a number that was delivered', async () => {
  const request = aMessage()
  await mailer.send(request)
  smtp.script.rcptTo = () => ({ code: 550, text: '5.1.1 no such user' })
  const resend = await mailer.send({ ...request, messageId: `${request.identityId}.1` })
  expect(resend.statusCode).toBe(200)
  expect(resend.json()).toMatchObject({ state: 'rejected', reply: '550 5.1.1 no such user' })
  // The same holds for an attempt from the queue.
  smtp.script.rcptTo = () => ({ code: 451, text: '4.7.1 come again' })
  const later = { ...request, messageId: `${request.identityId}.2` }
  expect((await mailer.send(later)).statusCode).toBe(202)
  smtp.script.rcptTo = () => ({ code: 550, text: '5.1.1 no such user' })
  await eventually(async () => expect((await mailer.send(later)).json().state).toBe('rejected'))
  const { outcomes } = (await mailer.post('/v1/outcomes/lease', { max: 10 })).json()
  expect(outcomes).toEqual([])
  // Without an earlier delivery the identity is deleted.
  expect((await mailer.send(aMessage())).json().code).toBe('email-rejected')
})

test('the first relay is on a block list: all mails go out by the second, and log and metric say why', async () => {
  const text = '5.7.1 Service unavailable; Client host [203.0.113.5] blocked using zen.example'
  smtp.script.rcptTo = () => ({ code: 554, text })
  const second = await startSmtp()
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(line) })
  const two = await runMailer(redis.url, `${smtp.url},${second.url}`, { logger })
  for (let i = 0; i < 20; i++) {
    const reply = await two.send(aMessage({ email: `ada${i}@example.com` }))
    expect(reply.json()).toMatchObject({ state: 'sent', attempts: 1 })
  }
  expect(second.mails).toHaveLength(20)
  const metrics = (await two.get('/metrics')).body
  const refused = /emailauth_smtp_refusals_total\{[^}]*server="127[^}]*class="blocked"[^}]*\} (\d+)/.exec(
    metrics,
  )
  // After five refusals the relay is skipped, except for a trial now and then.
  expect(Number(refused?.[1])).toBeGreaterThanOrEqual(5)
  expect(Number(refused?.[1])).toBeLessThan(20)
  const warnings = lines.filter((line) => line.includes('a relay refused a mail'))
  expect(warnings).toHaveLength(1)
  expect(JSON.parse(warnings[0] ?? '')).toMatchObject({ class: 'blocked', reply: `554 ${text}` })
  await two.close()
  await second.stop()
})

test('a relay that knows nobody at all is no evidence about anybody', async () => {
  smtp.script.rcptTo = () => ({ code: 550, text: '5.1.1 User unknown' })
  const codes: number[] = []
  for (let i = 0; i < 40; i++)
    codes.push((await mailer.send(aMessage({ email: `ada${i}@example.com` }))).statusCode)
  expect(codes.filter((code) => code === 422)).toHaveLength(29)
  expect(codes.slice(29).every((code) => code === 202)).toBe(true)
  delete smtp.script.rcptTo
  // The waiting mails go out once the relay takes mail again.
  await eventually(() => expect(smtp.mails).toHaveLength(11))
})

test('greylisting: queued first, sent a little later without being asked', async () => {
  let isGrey = true
  smtp.script.rcptTo = () => (isGrey ? { code: 451, text: '4.7.1 come again' } : undefined)
  const request = aMessage()
  const first = await mailer.send(request)
  expect(first.statusCode).toBe(202)
  expect(first.json()).toMatchObject({ state: 'queued', attempts: 1, reply: '451 4.7.1 come again' })
  const { updatedAt, nextAttemptAt } = first.json()
  expect(Date.parse(nextAttemptAt) - Date.parse(updatedAt)).toBeGreaterThan(500)
  const path = `/v1/messages?ids=${request.identityId}`
  expect((await mailer.get(path)).json().messages).toMatchObject([{ state: 'deferred' }])
  expect((await mailer.send(request)).json()).toMatchObject({ state: 'queued' })
  isGrey = false
  await eventually(async () => {
    expect((await mailer.get(path)).json().messages).toMatchObject([{ state: 'sent', nextAttemptAt: null }])
  }, 60_000)
  expect(smtp.mails).toHaveLength(1)
})

test.each([
  ['replaced or revoked', 'identityIds'],
  ['verified', 'verifiedIds'],
])('what is dropped while it waits is not sent: %s', async (_why, field) => {
  smtp.script.rcptTo = () => ({ code: 451, text: '4.7.1 come again' })
  const [dropped, other] = [aMessage(), aMessage()]
  await Promise.all([mailer.send(dropped), mailer.send(other)])
  await mailer.post('/v1/messages/drops', { [field]: [dropped.identityId] })
  expect(await readField(mailer.redis, other, 'r')).not.toBeNull()
  expect(await readField(mailer.redis, dropped, 'r')).toBeNull()
  smtp.script.rcptTo = () => undefined
  await eventually(() => expect(smtp.mails).toHaveLength(1))
  await eventually(async () => {
    expect((await mailer.get('/metrics')).body).toMatch(/emailauth_messages_waiting\{[^}]*\} 0/)
  })
  expect(smtp.mails).toHaveLength(1)
  const { messages } = (await mailer.get('/v1/messages?state=dropped')).json()
  expect(messages).toMatchObject([{ identityId: dropped.identityId, state: 'dropped' }])
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
  expect(reply.json().state).toBe('queued')
  expect(smtp.mails).toHaveLength(0)
})

test('a server that drops the line after the mail: it is sent again, and the doubt is counted', async () => {
  const answers = ['drop' as const, undefined]
  smtp.script.data = () => answers.shift()
  const request = aMessage()
  expect((await mailer.send(request)).json()).toMatchObject({
    state: 'queued',
    reply: 'The SMTP server closed the connection.',
  })
  await eventually(() => expect(smtp.mails).toHaveLength(1))
  await eventually(async () => {
    expect((await mailer.send(request)).json()).toMatchObject({ state: 'sent', attempts: 2 })
  })
  expect((await mailer.get('/metrics')).body).toMatch(/emailauth_message_unknown_outcomes_total\{[^}]*\} 1/)
})

test('closing cuts what hangs, and the next mailer sends it', async () => {
  smtp.script.rcptTo = () => new Promise(() => {})
  const leaving = await runMailer(redis.url, smtp.url, { drainMs: 200 })
  const request = aMessage()
  const call = leaving.send(request)
  await eventually(async () => {
    expect((await leaving.get('/metrics')).body).toMatch(/emailauth_messages_open\{[^}]*\} 1/)
  })
  await mailer.close()
  await leaving.close()
  expect((await call).json()).toMatchObject({ state: 'queued', attempts: 1 })
  delete smtp.script.rcptTo
  const next = await runMailer(redis.url, smtp.url)
  await eventually(() => expect(smtp.mails).toHaveLength(1))
  await eventually(async () => expect((await next.send(request)).json().state).toBe('sent'))
  await next.close()
})

test('nobody listens: queued, and readiness stays', async () => {
  const alone = await runMailer(redis.url, `smtp://127.0.0.1:${await freePort()}`)
  expect((await alone.send(aMessage())).statusCode).toBe(202)
  expect((await alone.app.inject('/readyz')).statusCode).toBe(200)
  expect((await alone.get('/metrics')).body).toMatch(/emailauth_smtp_reachable\{[^}]*\} 0/)
  await alone.close()
})

test('a server that never greets is given up', async () => {
  smtp.script.connect = () => new Promise(() => {})
  const hasty = await runMailer(redis.url, smtp.url, {
    limits: { timeouts: { ...RFC_TIMEOUTS, bannerMs: 100 } },
  })
  const request = aMessage()
  expect((await hasty.send(request)).statusCode).toBe(202)
  expect((await hasty.get(`/v1/messages?ids=${request.identityId}`)).json().messages).toMatchObject([
    { state: 'deferred', reply: 'The SMTP server did not answer in time.' },
  ])
  await hasty.close()
})

test('a server that falls silent is given up', async () => {
  smtp.script.data = () => new Promise(() => {})
  const hasty = await runMailer(redis.url, smtp.url, {
    limits: { timeouts: { ...RFC_TIMEOUTS, dotMs: 100 } },
  })
  expect((await hasty.send(aMessage())).statusCode).toBe(202)
  await hasty.close()
})

test('no attempt lasts longer than its number', async () => {
  smtp.script.rcptTo = () => new Promise(() => {})
  const startedAtMs = Date.now()
  const request = aMessage({ expiresAt: new Date(startedAtMs + 2000).toISOString() })
  expect((await mailer.send(request)).json()).toMatchObject({ state: 'expired', attempts: 1 })
  expectWithin(Date.now() - startedAtMs, 5000)
  expect((await mailer.send(request)).json()).toMatchObject({ state: 'expired', attempts: 1 })
})

test('wrong SMTP credentials are our fault, not that of the address', async () => {
  const guarded = await startSmtp(
    { auth: (_user, password) => (password === 'right' ? undefined : { code: 535, text: '5.7.8 no' }) },
    { disabledCommands: ['STARTTLS'], authOptional: false, allowInsecureAuth: true },
  )
  for (const [password, status] of [
    ['wrong', 202],
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
