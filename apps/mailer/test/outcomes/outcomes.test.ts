import type { Outcome } from '@emailauth/contracts/outcomes'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aMessage, type RunningMailer, runMailer } from '../running-mailer.ts'

const GREYLISTED = { code: 451, text: '4.7.1 Greylisted, try again later' }

let redis: TestRedis
let smtp: TestSmtp
let mailer: RunningMailer
beforeAll(async () => {
  redis = await startRedis()
  smtp = await startSmtp()
  mailer = await runMailer(redis.url, smtp.url)
})
beforeEach(() => {
  smtp.script.rcptTo = () => undefined
  smtp.script.data = () => undefined
})
afterAll(async () => {
  await mailer?.close()
  await smtp?.stop()
  await redis?.stop()
})

const lease = async (max = 10) =>
  (await mailer.post('/v1/outcomes/lease', { max })).json<{ outcomes: Outcome[] }>().outcomes
const acknowledge = async (outcomes: readonly Outcome[]) =>
  expect((await mailer.post('/v1/outcomes/acknowledged', { outcomes })).statusCode).toBe(204)

/** Sends a mail that the server first defers. Then it answers with `later`. */
async function sendGreylisted(later: undefined | { code: number; text: string }): Promise<Outcome> {
  let tries = 0
  smtp.script.rcptTo = () => (++tries === 1 ? GREYLISTED : later)
  const { identityId, messageId } = aMessage()
  const answer = await mailer.send({ ...aMessage({ identityId }), messageId })
  expect(answer.json()).toMatchObject({ state: 'queued' })
  const relay = `127.0.0.1:${smtp.port}`
  const state = later === undefined ? 'sent' : 'rejected'
  const reply = expect.stringMatching(later === undefined ? /^250 / : /^550 5\.1\.1 /)
  const reason = state === 'rejected' ? ({ reason: 'recipient' } as const) : {}
  return { identityId, messageId, state, relay, reply, ...reason }
}

test('a mail that goes out at once has no outcome to report later', async () => {
  expect((await mailer.send(aMessage())).json()).toMatchObject({ state: 'sent' })
  expect(await lease()).toEqual([])
})

test('a greylisted mail is reported as sent, to one caller at a time, until it is acknowledged', async () => {
  const sent = await sendGreylisted(undefined)
  const [first] = await eventually(async () => {
    const found = await lease()
    expect(found).toEqual([sent])
    return found
  })
  expect(await lease()).toEqual([])
  await acknowledge([first as Outcome])
  await acknowledge([first as Outcome])
  expect(await mailer.redis.zcard('ea:mail:{outcomes}')).toBe(0)
})

test('who took an outcome and died leaves it to the next', async () => {
  const refused = await sendGreylisted({ code: 550, text: '5.1.1 No such user' })
  await eventually(async () => expect(await lease()).toEqual([refused]))
  // As if the lease were over.
  for (const name of await mailer.redis.zrange('ea:mail:{outcomes}', '0', '-1')) {
    await mailer.redis.zadd('ea:mail:{outcomes}', '1', name)
  }
  expect(await lease()).toEqual([refused])
  const { reply: _reply, ...named } = refused
  await acknowledge([named])
})

test('an answer that came before the end of the attempt leaves the outcome to be reported', async () => {
  let letGo = () => {}
  const held = new Promise<undefined>((done) => {
    letGo = () => done(undefined)
  })
  smtp.script.data = () => held
  const request = aMessage()
  const reply = await mailer.post('/v1/messages', request, { prefer: 'wait=0' })
  expect(reply.json()).toMatchObject({ state: 'queued' })
  expect(await lease()).toEqual([])
  letGo()
  const { identityId, messageId } = request
  const sent = { identityId, messageId, state: 'sent' } as const
  await eventually(async () => expect(await lease()).toMatchObject([sent]))
  await acknowledge([sent])
})

test.each([{ max: 0 }, { max: 257 }, {}])('%j is no lease', async (body) => {
  expect((await mailer.post('/v1/outcomes/lease', body)).statusCode).toBe(400)
})

test('states that are not worth a report cannot be acknowledged', async () => {
  const outcomes = [{ identityId: aMessage().identityId, messageId: 'm', state: 'expired' }]
  expect((await mailer.post('/v1/outcomes/acknowledged', { outcomes })).statusCode).toBe(400)
})
