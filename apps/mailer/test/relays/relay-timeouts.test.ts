import { readFile } from 'node:fs/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_RELAY_LIMITS, type RelayLimits } from '../../src/relays/relay-limits.ts'
import { createSmtp } from '../../src/relays/relays.ts'
import { CutOff } from '../../src/smtp/cut-off.ts'
import type { RelayAnswer, Smtp } from '../../src/smtp/hand-over.ts'
import { RELAY_OPTION_NAMES } from '../../src/smtp/relay-options.ts'
import { parseSmtpUrl, parseSmtpUrls } from '../../src/smtp/smtp-url.ts'

let first: TestSmtp
let second: TestSmtp
let smtp: Smtp
let tried: RelayAnswer[]

const FAILOVER_MS = 500
beforeEach(async () => {
  first = await startSmtp()
  second = await startSmtp()
})
afterEach(async () => {
  smtp?.close()
  await first?.stop()
  await second?.stop()
})

function use(urls: string, limits: Partial<RelayLimits> = {}) {
  tried = []
  smtp = createSmtp(parseSmtpUrls(urls), { ...DEFAULT_RELAY_LIMITS, ...limits }, (_, answer) =>
    tried.push(answer),
  )
}

function send(to = 'ada@example.com', cutOff = new CutOff()) {
  return smtp.handOver({ from: 'no-reply@sender.example', to, raw: 'Subject: x\r\n\r\nx\r\n', cutOff })
}

function gate() {
  let open = () => {}
  const opened = new Promise<undefined>((done) => {
    open = () => done(undefined)
  })
  return { open, opened }
}

test('the limits of a relay whose URL says nothing else, so that a change of one is seen', () => {
  const { timeouts: _, ...limits } = DEFAULT_RELAY_LIMITS
  expect(limits).toEqual({
    maxSessions: 20,
    slowAfterMs: 2000,
    maxSlow: 40,
    mailsPerSession: 500,
    maxWaiting: 1000,
    stalledAfterMs: 15_000,
    maxWaitMs: 60_000,
    failoverMs: 10_000,
    groupSilenceMs: 15_000,
    faultsToOpen: 5,
    firstProbeMs: 1000,
    lastProbeMs: 2000,
    refusalsToOpen: 5,
    unknownToOpen: 30,
    firstTrialMs: 1000,
    lastTrialMs: 30_000,
  })
})

test('the time-outs are those of RFC 5321, and a URL may set each', () => {
  expect(DEFAULT_RELAY_LIMITS.timeouts).toEqual({
    connectMs: 30_000,
    bannerMs: 300_000,
    commandMs: 300_000,
    mailMs: 300_000,
    rcptMs: 300_000,
    dataMs: 120_000,
    blockMs: 180_000,
    dotMs: 600_000,
  })
  const query =
    'connectTimeout=1&bannerTimeout=2&commandTimeout=3&mailTimeout=4&rcptTimeout=5&dataTimeout=6&blockTimeout=7&dotTimeout=8'
  expect(parseSmtpUrl(`smtp://h?${query}`).timeouts).toEqual({
    connectMs: 1000,
    bannerMs: 2000,
    commandMs: 3000,
    mailMs: 4000,
    rcptMs: 5000,
    dataMs: 6000,
    blockMs: 7000,
    dotMs: 8000,
  })
  expect(parseSmtpUrl('smtp://h?mails=7&slowConnections=0&pipelining=off')).toMatchObject({
    mailsPerConnection: 7,
    slowConnections: 0,
    pipelining: false,
  })
})

test('every option is documented', async () => {
  const page = await readFile(new URL('../../../../docs/operations/relays.md', import.meta.url), 'utf8')
  for (const name of RELAY_OPTION_NAMES) expect(page).toContain(`\`${name}\``)
})

test.each([
  'dotTimeout=0',
  'dotTimeout=3601',
  'rcptTimeout=1.5',
  'mails=0',
  'mails=x',
  'mails=100001',
  'slowConnections=1001',
  'pipelining=no',
  'bannerTimeout=',
])('?%s is refused by its name', (query) => {
  expect(() => parseSmtpUrl(`smtp://h?${query}`)).toThrow(new RegExp(`^${query.split('=')[0]} must be`))
})

test.each(['connect', 'mailFrom', 'rcptTo', 'data'] as const)(
  'a session that is slow at %s holds up no other mail, and its own is sent once',
  async (step) => {
    const { open, opened } = gate()
    let isFirst = true
    first.script[step] = () => {
      if (!isFirst) return undefined
      isFirst = false
      return opened
    }
    use(`${first.url}?connections=1`, { slowAfterMs: 20 })
    const slow = send('slow@example.com')
    await eventually(() => expect(isFirst).toBe(false))
    const others = await Promise.all([...'abcdef'].map((name) => send(`${name}@example.com`)))
    expect(others.every(({ outcome }) => outcome === 'sent')).toBe(true)
    open()
    expect(await slow).toMatchObject({ outcome: 'sent' })
    expect(first.mails).toHaveLength(7)
  },
)

test('slow sessions are bounded too: beyond that mails wait, and fail when nothing moves', async () => {
  const { open, opened } = gate()
  let held = 0
  first.script.rcptTo = () => {
    held += 1
    return opened
  }
  const limits = { slowAfterMs: 10, stalledAfterMs: 2000, faultsToOpen: 2 }
  use(`${first.url}?connections=1&slowConnections=2`, limits)
  const sends: ReturnType<typeof send>[] = []
  // One after the other, so that each gets its connection before the relay counts as stuck.
  for (const name of 'abc') {
    sends.push(send(`${name}@example.com`))
    await eventually(() => expect(held).toBe(sends.length))
  }
  const others = [...'defgh'].map((name) => send(`${name}@example.com`))
  const waited = await Promise.all(others.map((sending) => Promise.race([sending, opened])))
  for (const answer of waited) {
    expect(answer).toMatchObject({
      outcome: 'deferred',
      reply: 'The SMTP server answers on none of its connections; the mail waits.',
    })
  }
  expect(first.connections()).toBe(3)
  // Once the relay counts as stuck, no mail waits.
  await eventually(async () => {
    const one = send()
    expect(await Promise.race([one, Promise.resolve('waits')])).toBe('waits')
    expect((await one).outcome).toBe('deferred')
  })
  open()
  expect((await Promise.all(sends)).every(({ outcome }) => outcome === 'sent')).toBe(true)
  // None of this counts as a fault of the relay.
  expect((await send()).outcome).toBe('sent')
})

test('a relay that takes no more connections gets no more, and every mail goes out by those it has', async () => {
  let atOnce = 0
  first.script.connect = () => (++atOnce > 3 ? { code: 421, text: '4.7.0 too many connections' } : undefined)
  use(first.url)
  const sent = await Promise.all(Array.from({ length: 60 }, () => send()))
  expect(sent.every(({ outcome }) => outcome === 'sent')).toBe(true)
  expect(first.mails).toHaveLength(60)
})

test.each(['connect', 'mailFrom', 'rcptTo'] as const)(
  'a relay that is silent at %s is left for the next one, in time',
  async (step) => {
    const { open, opened } = gate()
    first.script[step] = () => opened
    use(`${first.url},${second.url}`, { failoverMs: 100, faultsToOpen: 100 })
    expect((await send()).outcome).toBe('sent')
    expect(second.mails).toHaveLength(1)
    expect(tried[0]).toMatchObject({ outcome: 'deferred', reply: expect.stringContaining('another one') })
    open()
    expect(first.mails).toHaveLength(0)
  },
)

test('a relay that has the whole mail is waited for: the next one gets none', async () => {
  const { open, opened } = gate()
  first.script.data = () => opened
  use(`${first.url},${second.url}`, { failoverMs: FAILOVER_MS })
  const cutOff = new CutOff()
  const beganMs = performance.now()
  const sending = send('ada@example.com', cutOff)
  await eventually(() => expect(cutOff.isAtDot).toBe(true))
  // As if the number expired meanwhile.
  cutOff.cut()
  // The time after which the next relay is tried passes without an answer.
  await eventually(() => expect(performance.now()).toBeGreaterThan(beganMs + FAILOVER_MS + 100))
  expect(tried).toEqual([])
  open()
  expect(await sending).toMatchObject({ outcome: 'sent' })
  expect(second.mails).toHaveLength(0)
})

test('when it never answers, the outcome says so, and the next relay is not tried at once', async () => {
  first.script.data = () => new Promise(() => {})
  use(`${first.url},${second.url}`, {
    timeouts: { ...DEFAULT_RELAY_LIMITS.timeouts, dotMs: 50 },
  })
  expect(await send()).toMatchObject({ outcome: 'deferred', unanswered: true })
  expect(tried).toMatchObject([{ maybeSent: true, unanswered: true }])
  expect(second.connections()).toBe(0)
})
