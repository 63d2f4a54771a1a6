import { eventually } from '@emailauth/testing/eventually'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DEFAULT_RELAY_LIMITS } from '../../src/relays/relay-limits.ts'
import { createSessionPool, type PoolOptions, type SessionPool } from '../../src/relays/session-pool.ts'
import { CutOff } from '../../src/smtp/cut-off.ts'
import { openSession } from '../../src/smtp/session.ts'
import { parseSmtpUrl } from '../../src/smtp/smtp-url.ts'

let smtp: TestSmtp
let pool: SessionPool
beforeEach(async () => {
  smtp = await startSmtp()
})
afterEach(async () => {
  pool?.close()
  await smtp?.stop()
})

function use(options: Partial<PoolOptions>) {
  const forms = { mayPipeline: () => true, mayChunk: () => true }
  const open = () => openSession(parseSmtpUrl(smtp.url), { ...DEFAULT_RELAY_LIMITS, ...forms })
  pool = createSessionPool({ ...DEFAULT_RELAY_LIMITS, open, maxSessions: 2, maxWaiting: 100, ...options })
}

function send(name: string) {
  const to = `${name}@example.com`
  return pool.send({
    from: 'no-reply@sender.example',
    to,
    raw: `Subject: ${name}\r\n\r\nx\r\n`,
    cutOff: new CutOff(),
  })
}

test('a slow recipient holds up nobody but a connection', async () => {
  let release = () => {}
  const gate = new Promise<undefined>((open) => {
    release = () => open(undefined)
  })
  smtp.script.rcptTo = (address) => (address.startsWith('slow') ? gate : undefined)
  use({})
  const sent = Promise.all(['slow', ...'abcdefghij'].map(send))
  await eventually(() => expect(smtp.mails).toHaveLength(10))
  release()
  for (const passed of await sent) expect(passed.sent).toMatchObject({ reply: expect.stringMatching(/^250/) })
  expect(smtp.connections()).toBe(2)
})

test('a connection is closed after so many mails, also when they follow each other closely', async () => {
  use({ maxSessions: 1, mailsPerSession: 3 })
  await Promise.all([...'abcdefgh'].map(send))
  expect(smtp.mails).toHaveLength(8)
  expect(smtp.connections()).toBe(3)
})

test('beyond the bound on waiting mails the next one is refused', async () => {
  use({ maxSessions: 1, maxWaiting: 2 })
  const results = await Promise.allSettled([...'abcde'].map(send))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
})

test('a mail that has waited too long is rejected within half a second', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  try {
    use({ open: () => new Promise(() => {}), slowAfterMs: 60_000, stalledAfterMs: 60_000, maxWaitMs: 1000 })
    const failed = vi.fn()
    const sent = send('late').catch(failed)
    vi.advanceTimersByTime(1600)
    await sent
    expect(failed).toHaveBeenCalledOnce()
  } finally {
    vi.useRealTimers()
  }
})
