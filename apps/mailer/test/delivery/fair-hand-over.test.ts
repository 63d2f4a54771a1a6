import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { aMessage, type RunningMailer, runMailer } from '../running-mailer.ts'

/** Takes connections and never says a word. */
let silent: Server
const sockets = new Set<Socket>()
let redis: TestRedis
let smtp: TestSmtp
beforeAll(async () => {
  redis = await startRedis()
  smtp = await startSmtp()
  silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
})
beforeEach(() => void delete smtp.script.rcptTo)
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  silent?.close()
  await smtp?.stop()
  await redis?.stop()
})

/** A mailer alone, whose mails to a server that hangs wait for as long as a test takes. */
async function aBusyMailer(maxOpen: number): Promise<RunningMailer> {
  const limits = { stalledAfterMs: 600_000, maxWaitMs: 600_000 }
  const options = { maxOpen, limits, allowPrivateSmtp: true, drainMs: 0 }
  const busy = await runMailer(redis.url, smtp.url, options)
  onTestFinished(() => busy.close())
  await busy.redis.flushall()
  return busy
}

/** A message of a tenant whose own SMTP server hangs. */
function hanging(tenantId: string) {
  const { port } = silent.address() as AddressInfo
  return aMessage({ tenantId, mail: { smtpUrl: `smtp://127.0.0.1:${port}` } })
}

test('18 tenants whose own servers hang do not keep the mail of another, and theirs wait in the queue', async () => {
  const busy = await aBusyMailer(200)
  // Six at a time, because those that begin count in the bound on open sends as well.
  for (let sent = 0; sent < 18 * 18; sent += 6) {
    const calls = Array.from({ length: 6 }, () =>
      busy.post('/v1/messages', hanging(`hangs-${(sent / 6) % 18}`), { prefer: 'respond-async' }),
    )
    for (const call of calls) expect((await call).statusCode).toBe(202)
  }
  expect((await busy.send(aMessage({ tenantId: 'honest' }))).json()).toMatchObject({ state: 'sent' })
})

test.each([
  ['its own server', true],
  ['our relay', false],
])('no mail of a burst of one tenant waits in the queue: it goes to %s', async (_server, isOwn) => {
  const busy = await aBusyMailer(200)
  let open = () => {}
  const gate = new Promise<undefined>((release) => {
    open = () => release(undefined)
  })
  smtp.script.rcptTo = () => gate
  const mail = isOwn ? { mail: { smtpUrl: smtp.url } } : {}
  const burst = Array.from({ length: 120 }, () =>
    busy.post('/v1/messages', aMessage({ tenantId: 'honest', ...mail }), { prefer: 'wait=60' }),
  )
  await eventually(async () => {
    expect((await busy.get('/metrics')).body).toMatch(/emailauth_messages_open\{[^}]*\} 120/)
  })
  open()
  for (const call of burst) expect((await call).json()).toMatchObject({ state: 'sent', attempts: 1 })
})

test('a mail without a place comes again when there may be one, and counts no attempt until then', async () => {
  const busy = await aBusyMailer(10)
  for (let i = 0; i < 6; i++) await busy.post('/v1/messages', hanging('hangs'), { prefer: 'respond-async' })
  const waits = hanging('hangs')
  const { updatedAt, nextAttemptAt, ...answer } = (await busy.send(waits)).json()
  expect(answer).toMatchObject({ state: 'queued', attempts: 0, relay: null, reason: 'other' })
  expect(Date.parse(nextAttemptAt) - Date.parse(updatedAt)).toBeLessThanOrEqual(1000)
  const times = new Set<string>()
  await eventually(async () => {
    const [, time] = await busy.redis.zrange('{ea:mail}:retry:delayed', '0', '0', 'WITHSCORES')
    if (time !== undefined) times.add(time)
    expect(times.size).toBeGreaterThan(2)
  })
  const { messages } = (await busy.get(`/v1/messages?ids=${waits.identityId}`)).json()
  expect(messages).toMatchObject([{ state: 'deferred', attempts: 0 }])
})
