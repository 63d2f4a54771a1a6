import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { createMessageKeys } from '../../src/message-state/message-keys.ts'
import { stateKeyOf } from '../../src/message-state/message-name.ts'
import { createMessageStore } from '../../src/message-state/message-store.ts'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { readField } from '../message-fields.ts'
import { dumpRedis } from '../redis-dump.ts'
import { aMessage, keyRing, type RunningMailer, runMailer } from '../running-mailer.ts'

let redis: TestRedis
let smtp: TestSmtp
let mailer: RunningMailer
freshMailerForEachTest((fresh) => {
  ;({ redis, smtp, mailer } = fresh)
})

test('20 calls at once over two mailers, one mail, one answer', async () => {
  const other = await runMailer(redis.url, smtp.url)
  const request = aMessage()
  const calls = Array.from({ length: 20 }, (_, i) => (i % 2 ? mailer : other).send(request))
  const answers = (await Promise.all(calls)).map((reply) => reply.json())
  expect(answers).toHaveLength(20)
  for (const answer of answers) expect(answer).toEqual(answers[0])
  expect(answers[0]).toMatchObject({ state: 'sent', attempts: 1 })
  expect(smtp.mails).toHaveLength(1)
  await other.close()
})

test('all waiting calls get the outcome of the one attempt, also a failure', async () => {
  const other = await runMailer(redis.url, smtp.url)
  let attempts = 0
  smtp.script.rcptTo = () => {
    attempts++
    return { code: 451, text: '4.3.0 later' }
  }
  const request = aMessage()
  const calls = Array.from({ length: 20 }, (_, i) => (i % 2 ? mailer : other).send(request))
  for (const reply of await Promise.all(calls)) expect(reply.json()).toMatchObject({ state: 'queued' })
  expect(attempts).toBeLessThan(3)
  await other.close()
})

test('nothing readable is left in Redis, and every key has an end', async () => {
  const planted = { email: 'planted-address@example.com', number: '918273645546' }
  smtp.script.data = ({ to }) =>
    to[0]?.startsWith('x') ? { code: 451, text: `4.2.0 planted-reply ${to[0]} 9182 7364 5546` } : undefined
  const sent = aMessage(planted)
  await mailer.send(sent)
  await mailer.send(aMessage({ ...planted, email: 'xplanted-address@example.com' }))
  const keys = await mailer.redis.keys('*')
  expect(keys).toContain(`ea:mail:{0}:m:${stateKeyOf(sent.identityId)}`)
  // BullMQ's own keys are about the queue, not about a person.
  for (const key of keys.filter((name) => !name.startsWith('{ea:mail}:'))) {
    // One that is gone by now had an end.
    expect(await mailer.redis.pttl(key), key).not.toBe(-1)
  }
  const text = await dumpRedis(mailer.redis)
  expect(text).toContain('{ea:mail}:retry:delayed')
  for (const secret of ['planted', 'example.com', '918273645546', '9182 7364'])
    expect(text).not.toContain(secret)
  const ttlMs = await mailer.redis.pttl(`ea:mail:{0}:m:${stateKeyOf(sent.identityId)}`)
  expect(ttlMs).toBeGreaterThan(600_000)
  expect(ttlMs).toBeLessThanOrEqual(660_000)
})

test('a mail that went out while Redis was dead is reported as sent, and recorded when Redis is back', async () => {
  const own = await startRedis('--appendonly', 'yes', '--appendfsync', 'always')
  const blind = await runMailer(own.url, smtp.url)
  const other = await runMailer(own.url, smtp.url)
  smtp.script.data = async () => {
    await own.kill()
    return undefined
  }
  const request = aMessage()
  expect((await blind.send(request)).json()).toMatchObject({ state: 'sent', attempts: 1 })
  expect((await blind.send(request)).json()).toMatchObject({ state: 'sent', attempts: 1 })
  expect((await blind.get('/metrics')).body).toMatch(/emailauth_messages_open\{[^}]*\} 1/)
  await own.restart()
  await eventually(async () => {
    expect((await other.get(`/v1/messages?ids=${request.identityId}`)).json().messages).toMatchObject([
      { state: 'sent', attempts: 1 },
    ])
  })
  expect((await other.send(request)).json()).toMatchObject({ state: 'sent', attempts: 1 })
  expect((await blind.get('/metrics')).body).toMatch(/emailauth_messages_open\{[^}]*\} 0/)
  expect(smtp.mails).toHaveLength(1)
  await Promise.all([blind.close(), other.close()])
  await own.stop()
})

test('a mail is known after a restart of the mailer', async () => {
  const request = aMessage()
  await mailer.send(request)
  const next = await runMailer(redis.url, smtp.url)
  expect((await next.send(request)).json()).toMatchObject({ state: 'sent', attempts: 1 })
  expect(smtp.mails).toHaveLength(1)
  await next.close()
})

test('closing waits for the mail that is going out', async () => {
  let release = () => {}
  const arrived = new Promise<void>((seen) => {
    smtp.script.data = () => {
      seen()
      return new Promise((done) => {
        release = () => done(undefined)
      })
    }
  })
  const leaving = await runMailer(redis.url, smtp.url)
  const call = leaving.send(aMessage())
  await arrived
  const closed = leaving.app.close()
  release()
  expect((await call).json().state).toBe('sent')
  await closed
  leaving.redis.disconnect()
})

test('beyond the wait the answer is queued, and the mail goes out all the same', async () => {
  let release = () => {}
  const gate = new Promise<undefined>((open) => {
    release = () => open(undefined)
  })
  smtp.script.data = () => gate
  const request = aMessage()
  const reply = await mailer.post('/v1/messages', request, { prefer: 'respond-async' })
  expect(reply.statusCode).toBe(202)
  expect(reply.headers['preference-applied']).toBe('respond-async')
  expect(reply.json()).toMatchObject({ state: 'queued', nextAttemptAt: null })
  const batch = await mailer.post('/v1/messages/batch', { requests: [request] }, { prefer: 'wait=0' })
  expect(batch.json().results[0].message.state).toBe('queued')
  release()
  await eventually(() => expect(smtp.mails).toHaveLength(1))
  await eventually(async () => expect((await mailer.send(request)).json().state).toBe('sent'))
})

test('a relay that takes its time at the dot has one mail, however often and wherever one asks', async () => {
  let release = () => {}
  const gate = new Promise<undefined>((open) => {
    release = () => open(undefined)
  })
  smtp.script.data = () => gate
  const other = await runMailer(redis.url, smtp.url)
  const request = aMessage()
  const hasty = { prefer: 'wait=0' }
  expect((await mailer.post('/v1/messages', request, hasty)).statusCode).toBe(202)
  // The claim is kept longer than that of a mail which no relay has yet.
  const leaseEndsAtMs = async () =>
    Number.parseInt((await readField(mailer.redis, request, 'l'))?.toString() ?? '', 10)
  await eventually(async () => expect(await leaseEndsAtMs()).toBeGreaterThan(Date.now() + 30_000))
  expect(await leaseEndsAtMs()).toBeLessThan(Date.now() + 70_000)
  expect((await other.post('/v1/messages', request, hasty)).json()).toMatchObject({ state: 'queued' })
  expect(smtp.connections()).toBe(1)
  release()
  await eventually(async () =>
    expect((await other.send(request)).json()).toMatchObject({ state: 'sent', attempts: 1 }),
  )
  expect(smtp.mails).toHaveLength(1)
  await other.close()
})

test('a kept message whose mailer died in the attempt is taken over within seconds', async () => {
  const request = aMessage()
  const store = createMessageStore({
    redis: mailer.redis,
    keys: createMessageKeys(mailer.redis),
    ring: keyRing,
    now: Date.now,
  })
  // A mailer claims before it hands the mail over, and keeps what it answers `queued`. This one dies then.
  await store.claim(request, Date.parse(request.expiresAt), false)
  await store.keep(request)
  await eventually(() => expect(smtp.mails).toHaveLength(1))
  await eventually(async () =>
    expect((await mailer.send(request)).json()).toMatchObject({ state: 'sent', attempts: 2 }),
  )
  expect((await mailer.get('/metrics')).body).toMatch(/emailauth_messages_adopted_total\{[^}]*\} 1/)
})

test('a message whose mailer died before anything was answered is sent when it is asked for again', async () => {
  const request = aMessage()
  const store = createMessageStore({
    redis: mailer.redis,
    keys: createMessageKeys(mailer.redis),
    ring: keyRing,
    now: Date.now,
  })
  await store.claim(request, Date.parse(request.expiresAt), false)
  const again = await mailer.post('/v1/messages', request, { prefer: 'wait=30' })
  expect(again.json()).toMatchObject({ state: 'sent', attempts: 2 })
  expect(smtp.mails).toHaveLength(1)
})

test.each(['another call waits no longer', 'it takes long'])(
  'a message is kept before it is called queued: %s',
  async (why) => {
    smtp.script.data = () => new Promise(() => {})
    const request = aMessage()
    const { redis: commands } = mailer
    const known = async () => (await readField(commands, request, 'r')) !== null
    const call = mailer.post('/v1/messages', request, { prefer: 'wait=60' })
    await eventually(async () => expect(await readField(commands, request, 'l')).not.toBeNull())
    if (why === 'it takes long') await eventually(async () => expect(await known()).toBe(true))
    else {
      const hasty = await mailer.post('/v1/messages', request, { prefer: 'respond-async' })
      expect(hasty.json()).toMatchObject({ state: 'queued' })
      expect(await known()).toBe(true)
    }
    await smtp.stop()
    await call
  },
)

test('beyond the bound on open sends a caller gets retry-after', async () => {
  const busy = await runMailer(redis.url, smtp.url, { maxOpen: 2 })
  let release = () => {}
  const gate = new Promise<undefined>((open) => {
    release = () => open(undefined)
  })
  smtp.script.data = () => gate
  const patient = () => busy.post('/v1/messages', aMessage(), { prefer: 'wait=60' })
  const calls = [patient(), patient()]
  await eventually(async () => {
    expect((await busy.get('/metrics')).body).toMatch(/emailauth_messages_open\{[^}]*\} 2/)
  })
  const refused = await busy.send(aMessage())
  expect(refused.statusCode).toBe(503)
  expect(refused.headers['retry-after']).toBe('2')
  release()
  for (const call of calls) expect((await call).json().state).toBe('sent')
  expect((await patient()).json().state).toBe('sent')
  expect(smtp.mails).toHaveLength(3)
  await busy.close()
})
