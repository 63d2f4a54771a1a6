import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_RELAY_LIMITS, type RelayLimits } from '../../src/relays/relay-limits.ts'
import { createSmtp } from '../../src/relays/relays.ts'
import { CutOff } from '../../src/smtp/cut-off.ts'
import type { Smtp } from '../../src/smtp/hand-over.ts'
import { parseSmtpUrls } from '../../src/smtp/smtp-url.ts'

let server: TestSmtp
let other: Server | undefined
let smtp: Smtp
beforeEach(async () => {
  server = await startSmtp()
})
afterEach(async () => {
  smtp?.close()
  other?.close()
  await server?.stop()
})

function use(urls: string, limits: Partial<RelayLimits> = {}) {
  smtp = createSmtp(parseSmtpUrls(urls), { ...DEFAULT_RELAY_LIMITS, ...limits }, () => {})
}

function send(to = 'ada@example.com') {
  return smtp.handOver({
    from: 'no-reply@sender.example',
    to,
    raw: 'Subject: x\r\n\r\nx\r\n',
    cutOff: new CutOff(),
  })
}

test('a connection carries 500 mails by default, or as many as the URL says', async () => {
  use(`${server.url}?connections=1`)
  for (let i = 0; i < 501; i++) await send()
  expect(server.connections()).toBe(2)
  smtp.close()
  use(`${server.url}?connections=1&mails=2`)
  for (let i = 0; i < 4; i++) await send()
  expect(server.connections()).toBe(4)
})

test.each([
  [450, '4.7.1 too much mail'],
  [451, '4.3.0 try again'],
  [452, '4.5.3 too many messages'],
  [421, '4.7.0 enough'],
  [550, '5.5.0 too many messages on this connection'],
])('%i to MAIL on a used connection: the mail goes out on a new one at once', async (code, text) => {
  use(server.url)
  await send()
  const answers = [{ code, text }]
  server.script.mailFrom = () => answers.shift()
  expect(await send()).toMatchObject({ outcome: 'sent' })
  expect(server.mails).toHaveLength(2)
  expect(server.connections()).toBe(2)
})

test('on a new connection the same is an answer, and is asked once', async () => {
  let asked = 0
  server.script.mailFrom = () => {
    asked++
    return { code: 450, text: '4.7.1 too much mail' }
  }
  use(server.url)
  expect(await send()).toMatchObject({ outcome: 'deferred', reply: '450 4.7.1 too much mail' })
  expect(asked).toBe(1)
})

test('bad recipients wear a connection out before a relay slows it down', async () => {
  server.script.rcptTo = (address) =>
    address.startsWith('bad') ? { code: 550, text: '5.1.1 no' } : undefined
  use(`${server.url}?connections=1`)
  for (let i = 0; i < 8; i++) await send('bad@example.com')
  expect((await send()).outcome).toBe('sent')
  expect(server.connections()).toBe(3)
})

test.each([
  ['nobody listens', undefined],
  ['refuses with 554', '554 5.7.1 not here\r\n'],
  ['takes no more connections', '421 4.7.0 too many\r\n'],
])('every address of a relay is tried: at the first one %s', async (_, banner) => {
  if (banner !== undefined) {
    other = createServer((socket) => socket.on('error', () => {}).end(banner))
    other.listen(server.port, '127.0.0.2')
    await once(other, 'listening')
  }
  const resolve = async () => ['127.0.0.2', '127.0.0.1']
  use(`smtp://relay.example:${server.port}?starttls=none`, { resolve })
  expect(await send()).toMatchObject({ outcome: 'sent' })
})

/** A relay without pipelining: it answers a group of commands with 503, or only its first command. */
async function startStrict(toGroups: '503' | 'silence') {
  return startRelay('220 strict\r\n', () => {
    let inText = false
    return (text) => {
      if (inText) {
        inText = !text.endsWith('\r\n.\r\n')
        return inText ? '' : '250 taken\r\n'
      }
      const lines = text.trimEnd().split('\r\n')
      if (lines.length > 1)
        return toGroups === '503' ? '503 5.5.1 one at a time\r\n'.repeat(lines.length) : '250 ok\r\n'
      if (/^EHLO/.test(text)) return '250-strict\r\n250 PIPELINING\r\n'
      inText = /^DATA/.test(text)
      return inText ? '354 go on\r\n' : '250 ok\r\n'
    }
  })
}

/**
 * Starts a relay that answers what comes at once with what `answer` makes of it. undefined: it breaks the
 * connection.
 */
async function startRelay(greeting: string, answer: () => (text: string) => string | undefined) {
  const seen: string[] = []
  other = createServer((socket) => {
    const reply = answer()
    socket.on('error', () => {})
    socket.write(greeting)
    socket.on('data', (chunk) => {
      const text = chunk.toString()
      seen.push(text)
      if (/^QUIT/.test(text)) return void socket.end('221 bye\r\n')
      const replies = reply(text)
      if (replies === undefined) socket.destroy()
      else socket.write(replies)
    })
  })
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  return { url: `smtp://127.0.0.1:${(other.address() as { port: number }).port}`, seen }
}

test.each(['503', 'silence'] as const)(
  'a relay that answers groups with %s gets commands one by one, from that mail on',
  async (toGroups) => {
    const { url, seen } = await startStrict(toGroups)
    use(url, { groupSilenceMs: 50 })
    for (let i = 0; i < 3; i++) expect(await send()).toMatchObject({ outcome: 'sent', reply: '250 taken' })
    expect(seen.filter((text) => /^MAIL.*\r\nRCPT/.test(text))).toHaveLength(1)
  },
)

/** A relay that offers CHUNKING and answers BDAT so. */
async function startChunking(toBdat: '250 taken' | '502 what?' | 'nothing' | 'nothing to a whole one') {
  const toBdatInGroup = /^\d/.test(toBdat) ? toBdat : '250 ok'
  const replies: readonly (readonly [RegExp, string | undefined])[] = [
    ...(toBdat === 'nothing' ? [[/\nBDAT/, undefined] as const] : []),
    ...(toBdat === 'nothing to a whole one' ? [[/\nBDAT \d+ LAST/, undefined] as const] : []),
    [/^BDAT/, '250 taken\r\n'],
    [/\nBDAT/, `250 ok\r\n250 ok\r\n${toBdatInGroup}\r\n`],
    [/\nDATA/, '250 ok\r\n250 ok\r\n354 go on\r\n'],
    [/\r\n\.\r\n$/, '250 taken\r\n'],
    [/^RSET/, '250 ok\r\n'],
    [/^EHLO/, '250-chunking\r\n250-PIPELINING\r\n250 CHUNKING\r\n'],
  ]
  return startRelay('220 chunking\r\n', () => (text) => {
    const [, reply] = replies.find(([command]) => command.test(text)) ?? [undefined, '']
    return reply
  })
}
const inChunks = (seen: readonly string[]) => seen.filter((text) => /\nBDAT/.test(text)).length

test('a relay with CHUNKING gets all mails but the first two as one write each', async () => {
  const { url, seen } = await startChunking('250 taken')
  use(url)
  for (let i = 0; i < 4; i++) expect(await send()).toMatchObject({ outcome: 'sent', reply: '250 taken' })
  expect(inChunks(seen)).toBe(3)
})

test('a relay that does not know BDAT after all gets DATA, from that mail on', async () => {
  const { url, seen } = await startChunking('502 what?')
  use(url)
  for (let i = 0; i < 4; i++) expect(await send()).toMatchObject({ outcome: 'sent', reply: '250 taken' })
  expect(inChunks(seen)).toBe(1)
})

test('a relay that dies of its first BDAT leaves no mail in doubt, and gets DATA from then on', async () => {
  const { url, seen } = await startChunking('nothing')
  use(url)
  for (let i = 0; i < 5; i++) expect(await send()).toMatchObject({ outcome: 'sent' })
  expect(inChunks(seen)).toBe(1)
})

test('a relay that dies of a whole mail leaves that mail in doubt, and gets DATA from then on', async () => {
  const { url, seen } = await startChunking('nothing to a whole one')
  use(url)
  for (let i = 0; i < 2; i++) expect(await send()).toMatchObject({ outcome: 'sent' })
  expect(await send()).toMatchObject({ outcome: 'deferred' })
  for (let i = 0; i < 3; i++) expect(await send()).toMatchObject({ outcome: 'sent' })
  expect(inChunks(seen)).toBe(2)
})

test('?pipelining=off sends no group at all', async () => {
  const { url, seen } = await startStrict('503')
  use(`${url}?pipelining=off`)
  expect(await send()).toMatchObject({ outcome: 'sent' })
  expect(seen.some((text) => /\nRCPT/.test(text))).toBe(false)
})
