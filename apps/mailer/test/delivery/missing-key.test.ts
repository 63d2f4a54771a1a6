import { randomBytes } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { startSmtp } from '@emailauth/testing/smtp'
import { startReceiver } from '@emailauth/testing/webhook-receiver'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { aMessage, runMailer } from '../running-mailer.ts'
import { anEvent, aWebhook, handOver, newSecret } from '../webhooks/webhook-events.ts'

// So many that no event is given up before the mailers with other keys have it.
const SCHEDULE_MS = Array<number>(100).fill(1000)
const WEBHOOKS = { allowPrivate: true, allowPlaintext: true, limits: { scheduleMs: SCHEDULE_MS } }

/** A Redis, a relay, and mailers for them that end with the test. */
async function aSystem() {
  const redis = keep(await startRedis())
  const smtp = keep(await startSmtp())
  const run = async (options: Parameters<typeof runMailer>[2] = {}) => {
    const mailer = await runMailer(redis.url, smtp.url, { webhooks: WEBHOOKS, ...options })
    onTestFinished(() => mailer.close())
    return mailer
  }
  const lines: { msg: string }[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const warnings = () => lines.filter(({ msg }) => msg.includes('EMAILAUTH_MAILER_KEYS'))
  return {
    smtp,
    run,
    /** Four mailers with one wrong key, which win most races for a job. */
    async runOthers() {
      const ring = createKeyRing([randomBytes(32)])
      for (let n = 0; n < 4; n++) await run({ keyRing: ring, logger })
    },
    warnings,
  }
}

test('mails that wait are not lost to mailers with other keys: one that has their key sends them beside', async () => {
  const { smtp, run, runOthers, warnings } = await aSystem()
  smtp.script.rcptTo = () => ({ code: 451, text: '4.7.1 later' })
  const emails = Array.from({ length: 10 }, (_, n) => `waiting-${n}@example.com`)
  const first = await run()
  for (const email of emails) {
    expect((await first.send(aMessage({ email }))).json()).toMatchObject({ state: 'queued' })
  }
  await first.close()
  delete smtp.script.rcptTo

  await runOthers()
  await eventually(() => expect(warnings()).not.toEqual([]), 60_000)
  expect(smtp.mails).toEqual([])

  const second = await run()
  await eventually(() => expect(smtp.mails.flatMap(({ to }) => to).sort()).toEqual(emails), 60_000)
  await eventually(async () => {
    expect((await second.get('/v1/status')).json()).toMatchObject({ queue: { waiting: 0 } })
  })
})

test('webhook events that mailers with other keys cannot deliver are delivered by one that has the key', async () => {
  const { run, runOthers, warnings } = await aSystem()
  const secret = newSecret()
  const receiver = keep(await startReceiver([secret]))
  receiver.answer = () => 500
  const first = await run()
  const events = [anEvent(), anEvent()]
  const body = handOver(aWebhook(receiver.url, [secret]), events)
  expect((await first.post('/v1/webhooks/hand-over', body)).statusCode).toBe(204)
  const ids = events.map(({ cursor }) => cursor)
  const received = () => [...new Set(receiver.received.map(({ id }) => id))].sort()
  await eventually(() => expect(received()).toEqual(ids))
  await first.close()
  receiver.answer = () => 200
  receiver.received.length = 0

  await runOthers()
  await eventually(() => expect(warnings()).not.toEqual([]), 60_000)
  expect(receiver.received).toEqual([])

  await run()
  await eventually(() => expect(received()).toEqual(ids), 60_000)
})
