import { once } from 'node:events'
import { createServer } from 'node:net'
import { freePort } from '@emailauth/testing/free-port'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createRelay, probeTimeouts, type Relay } from '../../src/relays/relay.ts'
import { DEFAULT_RELAY_LIMITS, type RelayLimits } from '../../src/relays/relay-limits.ts'
import { createSmtp, OWN_RELAYS } from '../../src/relays/relays.ts'
import { CutOff } from '../../src/smtp/cut-off.ts'
import { parseSmtpUrl } from '../../src/smtp/smtp-url.ts'

// Time passes by the clock of the test. Sockets are real.

let relay: Relay | undefined
let server: TestSmtp | undefined
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] })
})
afterEach(async () => {
  relay?.close()
  vi.useRealTimers()
  await server?.stop()
  relay = server = undefined
})

const mail = () => ({
  from: 'no-reply@sender.example',
  to: 'ada@example.com',
  raw: 'Subject: x\r\n\r\nx\r\n',
  cutOff: new CutOff(),
})

function open(url: string, limits: Partial<RelayLimits> = {}): Relay {
  relay = createRelay(parseSmtpUrl(url), { ...DEFAULT_RELAY_LIMITS, ...limits })
  return relay
}

test('a relay that is down is looked at four times a second, until nobody has wanted it for a minute', async () => {
  const down = open(`smtp://127.0.0.1:${await freePort()}`, { faultsToOpen: 1 })
  await down.handOver(mail())
  expect(down.status().circuit).toBe('open')
  const beganMs = performance.now()
  vi.advanceTimersToNextTimer()
  expect(performance.now() - beganMs).toBe(250)
  vi.advanceTimersByTime(59_000)
  expect(vi.getTimerCount()).toBe(1)
  // A mail that wants it begins the minute again.
  await down.handOver(mail())
  vi.advanceTimersByTime(59_000)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(1500)
  expect(vi.getTimerCount()).toBe(0)
})

test('a probe waits a minute for the banner, and no longer than a mail would', () => {
  const { timeouts } = DEFAULT_RELAY_LIMITS
  expect(probeTimeouts(timeouts)).toEqual({ ...timeouts, bannerMs: 60_000 })
  expect(probeTimeouts({ ...timeouts, bannerMs: 20 }).bannerMs).toBe(20)
})

/** A relay that offers PIPELINING and takes one command of each packet. */
async function startOneByOne() {
  const groups: boolean[] = []
  const replies: Record<string, string> = {
    EHLO: '250-x\r\n250 PIPELINING',
    DATA: '354 go',
    MAIL: '250 ok',
    RCPT: '250 ok',
    QUIT: '221 bye',
  }
  const oneByOne = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('220 x\r\n')
    let isText = false
    socket.on('data', (data) => {
      const text = data.toString()
      if (isText) {
        if (!text.endsWith('\r\n.\r\n')) return
        isText = false
        socket.write('250 taken\r\n')
        return
      }
      const [command = ''] = text.split('\r\n')
      const verb = command.slice(0, 4)
      if (verb === 'MAIL') groups.push(text.includes('RCPT'))
      // A group gets one reply, and then the relay says that it has lost its place.
      if (text.includes('RCPT') && verb === 'MAIL') return void socket.end('503 5.5.1 one at a time\r\n')
      isText = verb === 'DATA'
      socket.write(`${replies[verb] ?? '250 ok'}\r\n`)
    })
  }).listen(0, '127.0.0.1')
  await once(oneByOne, 'listening')
  onTestFinished(() => void oneByOne.close())
  return { url: `smtp://127.0.0.1:${(oneByOne.address() as { port: number }).port}`, groups }
}

test('a relay that cannot take groups of commands gets single ones for an hour', async () => {
  const { url, groups } = await startOneByOne()
  const single = open(url)
  const isGroup = async () => {
    groups.length = 0
    expect(await single.handOver(mail())).toMatchObject({ outcome: 'sent' })
    return groups
  }
  expect(await isGroup()).toEqual([true, false])
  vi.advanceTimersByTime(3_599_000)
  expect(await isGroup()).toEqual([false])
  vi.advanceTimersByTime(1000)
  expect(await isGroup()).toEqual([true, false])
})

test("a tenant's own relay is forgotten five minutes after its last mail; 200 are kept at most", async () => {
  vi.useRealTimers()
  expect(OWN_RELAYS).toBe(200)
  const now = performance.now.bind(performance)
  let passedMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs)
  onTestFinished(() => void vi.restoreAllMocks())
  server = await startSmtp()
  const own = parseSmtpUrl(server.url)
  const smtp = createSmtp([parseSmtpUrl('smtp://127.0.0.1:1')], DEFAULT_RELAY_LIMITS, () => {})
  onTestFinished(() => smtp.close())
  for (const [laterMs, connections] of [
    [0, 1],
    [290_000, 1],
    [290_000, 1],
    [301_000, 2],
  ] as const) {
    passedMs += laterMs
    expect(await smtp.handOver({ ...mail(), own })).toMatchObject({ outcome: 'sent' })
    expect(server.connections()).toBe(connections)
  }
})
