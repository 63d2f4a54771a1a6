import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aMessage, type RunningMailer, runMailer } from '../running-mailer.ts'

let redis: TestRedis
let smtp: TestSmtp
let mailer: RunningMailer
beforeAll(async () => {
  redis = await startRedis()
  smtp = await startSmtp()
  mailer = await runMailer(redis.url, smtp.url, { limits: { faultsToOpen: 2 } })
})
afterAll(async () => {
  await mailer?.close()
  await smtp?.stop()
  await redis?.stop()
})

test('the circuit of a relay that is gone, what waits for it, and its return', async () => {
  const status = async () => (await mailer.get('/v1/status')).json()
  const { port } = smtp
  expect(await status()).toMatchObject({
    version: expect.stringMatching(/^\d/),
    startedAt: expect.stringMatching(/^20/),
    relays: [{ host: '127.0.0.1', port, circuit: 'closed', since: null }],
    queue: { waiting: 0, oldestAt: null, nextAttemptAt: null },
  })
  await smtp.stop()
  const beganMs = Date.now()
  for (let at = 0; at < 3; at++) await mailer.send(aMessage({ email: `waits${at}@example.com` }))
  const gone = await eventually(async () => {
    const now = await status()
    expect(now.relays[0].circuit).toBe('open')
    expect(now.queue.waiting).toBe(3)
    return now
  })
  expect(Date.parse(gone.relays[0].since)).toBeGreaterThanOrEqual(beganMs)
  expect(Date.parse(gone.queue.oldestAt)).toBeGreaterThanOrEqual(beganMs)
  expect(Date.parse(gone.queue.nextAttemptAt)).toBeGreaterThanOrEqual(beganMs)
  await smtp.restart()
  await eventually(async () => {
    const back = await status()
    expect(back.relays[0].circuit).toBe('closed')
    expect(back.queue).toMatchObject({ waiting: 0, oldestAt: null })
    expect(smtp.mails).toHaveLength(3)
  }, 30_000)
})
