import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CutOff } from './cut-off.ts'
import { RFC_TIMEOUTS } from './timeouts.ts'
import {
  createTransfer,
  type Message,
  NOT_BY_BDAT,
  NOT_IN_A_GROUP,
  type Sent,
  type Transfer,
} from './transfer.ts'

// The test plays the server by hand, to see every byte and every write.
let server: Server
let theirs: Socket
let ours: Socket
let received: string[]
beforeEach(async () => {
  received = []
  server = createServer((socket) => {
    theirs = socket.setEncoding('utf8')
    theirs.on('data', (piece: string) => received.push(piece))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ours = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await Promise.all([once(ours, 'connect'), once(server, 'connection')])
})
afterEach(() => {
  ours.destroy()
  theirs.destroy()
  server.close()
})

const message = (name: string): Message => ({
  from: 'us@x.example',
  to: `${name}@y.example`,
  raw: `Subject: ${name}\r\n`,
  cutOff: new CutOff(),
})
const commands = (name: string) =>
  `MAIL FROM:<us@x.example>\r\nRCPT TO:<${name}@y.example>\r\nDATA\r\n` as const

function begin(pipelining: boolean, timeouts = {}, groupSilenceMs = 60_000, chunking = false): Transfer {
  const all = { ...RFC_TIMEOUTS, ...timeouts }
  const forms = { mayPipeline: () => pipelining, mayChunk: () => chunking }
  return createTransfer(ours, { timeouts: all, groupSilenceMs, ...forms })
}

/** A connection to a relay with CHUNKING that has just taken a message by DATA. */
async function beginAlive(timeouts = {}): Promise<Transfer> {
  const transfer = begin(true, timeouts, 60_000, true)
  const first = give(transfer, message('first'))
  await expectAndReply(commands('first'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await expectAndReply('Subject: first\r\n.\r\n', '250 taken\r\n')
  await first
  return transfer
}
/** The same after a message by BDAT. */
async function beginChunking(): Promise<Transfer> {
  const transfer = await beginAlive()
  const second = give(transfer, { ...message('second'), raw: 'To: a\r\nSubject: b\r\n' })
  await expectAndReply(ahead('second', 'To: a\r\n'), '250 ok\r\n250 ok\r\n250 go on\r\n')
  await expectAndReply('BDAT 12 LAST\r\nSubject: b\r\n', '250 taken\r\n')
  expect(await second).toEqual({ reply: '250 taken' })
  return transfer
}
/** What is written before a relay has taken a BDAT: a line of the text goes ahead. */
const ahead = (name: string, line = `Subject: ${name}\r\n`) =>
  `MAIL FROM:<us@x.example>\r\nRCPT TO:<${name}@y.example>\r\nBDAT ${Buffer.byteLength(line)}\r\n${line}`
const whole = (name: string, text = `Subject: ${name}\r\n`) =>
  `MAIL FROM:<us@x.example>\r\nRCPT TO:<${name}@y.example>\r\nBDAT ${Buffer.byteLength(text)} LAST\r\n${text}`

function give(transfer: Transfer, given: Message): Promise<Sent> {
  return new Promise((done) => transfer.send(given, done))
}

/** Waits until the client has written this text, then answers. */
async function expectAndReply(text: string, answer: string): Promise<void> {
  await eventually(() => expect(received.join('')).toBe(text))
  received = []
  theirs.write(answer)
}

test("a mail's commands are one write, and nothing goes out behind its text", async () => {
  const transfer = begin(true)
  const first = give(transfer, message('a'))
  await expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await expectAndReply('Subject: a\r\n.\r\n', '250 2.0.0 taken\r\n')
  expect(await first).toEqual({ reply: '250 2.0.0 taken' })
  const second = give(transfer, message('b'))
  await expectAndReply(commands('b'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await expectAndReply('Subject: b\r\n.\r\n', '250 2.0.0 taken too\r\n')
  expect(await second).toEqual({ reply: '250 2.0.0 taken too' })
})

test('a server without PIPELINING gets one command at a time', async () => {
  const transfer = begin(false)
  const sent = give(transfer, message('a'))
  await expectAndReply('MAIL FROM:<us@x.example>\r\n', '250 ok\r\n')
  await expectAndReply('RCPT TO:<a@y.example>\r\n', '250 ok\r\n')
  await expectAndReply('DATA\r\n', '354 go on\r\n')
  await expectAndReply('Subject: a\r\n.\r\n', '250 taken\r\n')
  expect(await sent).toEqual({ reply: '250 taken' })
  const refused = give(transfer, message('b'))
  await expectAndReply('MAIL FROM:<us@x.example>\r\n', '250 ok\r\n')
  await expectAndReply('RCPT TO:<b@y.example>\r\n', '550 5.1.1 who?\r\n')
  expect(await refused).toMatchObject({ error: { command: 'RCPT TO', responseCode: 550 }, bodyBegan: false })
  void give(transfer, message('c'))
  await expectAndReply('RSET\r\n', '250 ok\r\n')
  await expectAndReply('MAIL FROM:<us@x.example>\r\n', '250 ok\r\n')
})

test.each([
  ['refuses DATA too', '503 5.5.1 no recipients\r\n', ''],
  ['would take a mail for nobody', '354 go on\r\n', '.\r\n'],
])(
  'a refused recipient, by a server that %s: its mail does not go out, the next one does',
  async (_, answer, end) => {
    const transfer = begin(true)
    const first = give(transfer, message('a'))
    await expectAndReply(commands('a'), `250 ok\r\n550-5.1.1 nobody\r\n550 5.1.1 here\r\n${answer}`)
    if (end !== '') await expectAndReply(end, '554 5.5.1 no recipients\r\n')
    expect(await first).toEqual({
      error: { command: 'RCPT TO', response: '550-5.1.1 nobody\n550 5.1.1 here', responseCode: 550 },
      bodyBegan: false,
      isWhole: false,
    })
    const second = give(transfer, message('b'))
    await expectAndReply('RSET\r\n', '250 reset\r\n')
    await expectAndReply(commands('b'), '250 ok\r\n250 ok\r\n354 go on\r\n')
    await expectAndReply('Subject: b\r\n.\r\n', '250 taken\r\n')
    expect(await second).toEqual({ reply: '250 taken' })
  },
)

test('a lost connection reports whether the mail may have arrived', async () => {
  const given = message('a')
  const sent = give(begin(true), given)
  await expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await eventually(() => expect(received.join('')).toBe('Subject: a\r\n.\r\n'))
  expect(given.cutOff.isAtDot).toBe(true)
  theirs.destroy()
  expect(await sent).toMatchObject({ error: { code: expect.any(String) }, bodyBegan: true })
  expect(given.cutOff.isAtDot).toBe(false)
})

test('a message that is given up before its text is not sent; after it the reply is waited for', async () => {
  const late = message('a')
  late.cutOff.claimedUntilMs = 0
  const transfer = begin(true)
  const sent = give(transfer, late)
  await expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  expect(await sent).toMatchObject({ bodyBegan: false })
  await once(theirs, 'close')
  expect(received).toEqual([])
})

test('a cut at the dot waits for the reply, unless it is meant for that too', async () => {
  const given = message('a')
  const transfer = begin(true)
  given.cutOff.onCut = () => transfer.giveUp()
  const sent = give(transfer, given)
  await expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await eventually(() => expect(given.cutOff.isAtDot).toBe(true))
  given.cutOff.cut()
  await expectAndReply('Subject: a\r\n.\r\n', '250 taken\r\n')
  expect(await sent).toEqual({ reply: '250 taken' })
  const other = message('b')
  other.cutOff.onCut = () => transfer.giveUp()
  const cut = give(transfer, other)
  await expectAndReply(commands('b'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await eventually(() => expect(other.cutOff.isAtDot).toBe(true))
  other.cutOff.cut(true)
  expect(await cut).toMatchObject({ bodyBegan: true })
})

test.each([
  ['mailMs', false, [], 'ETIMEDOUT', false],
  ['rcptMs', false, ['250 ok'], 'ETIMEDOUT', false],
  ['dataMs', false, ['250 ok', '250 ok'], 'ETIMEDOUT', false],
  ['dotMs', false, ['250 ok', '250 ok', '354 go on'], 'ETIMEDOUT', true],
  ['dotMs', true, ['250 ok\r\n250 ok\r\n354 go on'], 'ETIMEDOUT', true],
  ['mailMs', true, [], NOT_IN_A_GROUP, false],
] as const)('%s bounds its reply (in a group: %s)', async (timeout, inGroup, replies, code, bodyBegan) => {
  const sent = give(begin(inGroup, { [timeout]: 50 }), message('a'))
  for (const reply of replies) {
    await eventually(() => expect(received).not.toEqual([]))
    received = []
    theirs.write(`${reply}\r\n`)
  }
  expect(await sent).toEqual({ error: { code }, bodyBegan, isWhole: false })
})

test.each([
  ['503 5.5.1 improper use of command pipelining\r\n503 no\r\n503 no\r\n', true],
  ['250 ok\r\n250 ok\r\n503 5.5.1 bad sequence\r\n', true],
  ['550 5.7.1 no\r\n503 5.5.1 MAIL first\r\n503 no\r\n', false],
  ['250 ok\r\n550 5.1.1 who?\r\n503 5.5.1 no recipient\r\n', false],
])('a group that is answered %j: it was the group: %s', async (replies, isTheGroup) => {
  const sent = give(begin(true), message('a'))
  await expectAndReply(commands('a'), replies)
  const { error } = (await sent) as { readonly error: { readonly code?: string } }
  expect(error.code === NOT_IN_A_GROUP).toBe(isTheGroup)
})

test('a group that is answered in part and then with silence is given up', async () => {
  const sent = give(begin(true, {}, 50), message('a'))
  await expectAndReply(commands('a'), '250 ok\r\n')
  expect(await sent).toEqual({ error: { code: NOT_IN_A_GROUP }, bodyBegan: false, isWhole: false })
})

test('with CHUNKING a message is one write on a connection that has just taken one', async () => {
  const transfer = await beginChunking()
  const given = message('a')
  const sent = give(transfer, given)
  await eventually(() => expect(received.join('')).toBe(whole('a')))
  expect(given.cutOff.isAtDot).toBe(true)
  await expectAndReply(whole('a'), '250 ok\r\n250 ok\r\n250 2.0.0 taken\r\n')
  expect(await sent).toEqual({ reply: '250 2.0.0 taken' })
  expect(given.cutOff.isAtDot).toBe(false)
  const text = 'To: josé@y.example\r\n'
  void give(transfer, { ...message('b'), from: 'josé@x.example', raw: text })
  await expectAndReply(
    `MAIL FROM:<josé@x.example> SMTPUTF8\r\nRCPT TO:<b@y.example>\r\nBDAT 21 LAST\r\n${text}`,
    '',
  )
})

test('a connection that has taken nothing for a second gets the text when it asks for it', async () => {
  const transfer = await beginAlive()
  const clock = vi.spyOn(performance, 'now')
  try {
    const nowMs = performance.now()
    clock.mockImplementation(() => nowMs + 1100)
    void give(transfer, message('a'))
    await expectAndReply(commands('a'), '')
  } finally {
    clock.mockRestore()
  }
})

test('a message whose claim has ended is not written whole', async () => {
  const transfer = await beginAlive()
  const late = message('a')
  late.cutOff.claimedUntilMs = 0
  const sent = give(transfer, late)
  await expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  expect(await sent).toMatchObject({ bodyBegan: false })
  await once(theirs, 'close')
})

test('a refused recipient of a message that was one write: the next message begins anew', async () => {
  const transfer = await beginChunking()
  const refused = give(transfer, message('a'))
  await expectAndReply(whole('a'), '250 ok\r\n550 5.1.1 nobody\r\n554 5.5.1 no recipients\r\n')
  expect(await refused).toMatchObject({ error: { command: 'RCPT TO', responseCode: 550 } })
  void give(transfer, message('b'))
  await expectAndReply('RSET\r\n', '250 ok\r\n')
  await expectAndReply(commands('b'), '')
})

test.each([
  ['250 ok\r\n250 ok\r\n502 5.5.2 what?\r\n', NOT_BY_BDAT, 'DATA'],
  ['250 ok\r\n250 ok\r\n503 5.5.1 bad sequence\r\n', NOT_BY_BDAT, 'DATA'],
  ['250 ok\r\n250 ok\r\n554 5.7.1 spam\r\n', undefined, 'DATA'],
  ['503 5.5.1 one by one\r\n503 no\r\n503 no\r\n', NOT_IN_A_GROUP, 'MAIL FROM'],
  ['421 4.7.0 enough\r\n', undefined, 'MAIL FROM'],
])('a message that was one write is answered %j: %s', async (replies, code, command) => {
  const sent = give(await beginChunking(), message('a'))
  await expectAndReply(whole('a'), replies)
  const { error, isWhole } = (await sent) as Extract<Sent, { readonly error: unknown }>
  expect({ code: error.code, command: error.command, isWhole }).toEqual({ code, command, isWhole: true })
})

test('a connection that is lost with a message that was one write leaves it in doubt', async () => {
  const sent = give(await beginChunking(), message('a'))
  await eventually(() => expect(received.join('')).toBe(whole('a')))
  theirs.destroy()
  expect(await sent).toMatchObject({ error: { code: expect.any(String) }, bodyBegan: true, isWhole: true })
})

test.each([
  ['250 ok\r\n250 ok\r\n500 5.5.1 BDAT?\r\n500 5.5.1 Subject?\r\n', NOT_BY_BDAT, 'DATA', false],
  ['250 ok\r\n550 5.1.1 nobody\r\n503 5.5.1 no recipients\r\n', undefined, 'RCPT TO', true],
  ['250 ok\r\n250 ok\r\n552 5.3.4 full\r\n', undefined, 'DATA', true],
  ['421 4.7.0 enough\r\n', undefined, 'MAIL FROM', false],
])('the line that goes ahead is answered %j: no text follows', async (replies, code, command, isOpen) => {
  const transfer = await beginAlive()
  const sent = give(transfer, { ...message('a'), raw: 'Subject: a\r\n\r\nMAIL FROM:<evil@x.example>\r\n' })
  await expectAndReply(ahead('a'), replies)
  const { error, bodyBegan, isWhole } = (await sent) as Extract<Sent, { readonly error: unknown }>
  expect({ code: error.code, command: error.command, bodyBegan, isWhole }).toEqual({
    code,
    command,
    bodyBegan: false,
    isWhole: true,
  })
  expect(transfer.open).toBe(isOpen)
  expect(received).toEqual([])
})

test('a claim that ends while a line is ahead: the text does not follow', async () => {
  const late = message('a')
  const sent = give(await beginAlive(), late)
  await eventually(() => expect(received.join('')).toBe(ahead('a')))
  late.cutOff.claimedUntilMs = 0
  await expectAndReply(ahead('a'), '250 ok\r\n250 ok\r\n250 go on\r\n')
  expect(await sent).toMatchObject({ bodyBegan: false })
})

test('an address beyond ASCII is said and written as UTF-8', async () => {
  void give(begin(true), { ...message('a'), to: 'josé@y.example', raw: 'To: josé@y.example\r\n' })
  await expectAndReply(
    'MAIL FROM:<us@x.example> SMTPUTF8\r\nRCPT TO:<josé@y.example>\r\nDATA\r\n',
    '250 ok\r\n250 ok\r\n354 go on\r\n',
  )
  await expectAndReply('To: josé@y.example\r\n.\r\n', '')
})

test('replies come in any pieces; what is no SMTP ends the connection', async () => {
  const transfer = begin(true)
  const sent = give(transfer, message('a'))
  for (const piece of ['2', '50 ok\r', '\n250', '-more\r\n250 ok\r\n354 go on\r\n']) {
    theirs.write(piece)
    await eventually(() => expect(ours.bytesRead).toBe(theirs.bytesWritten))
  }
  await eventually(() => expect(received.join('')).toContain('Subject: a\r\n.\r\n'))
  theirs.write('HTTP/1.1 400 Bad Request\r\n')
  expect(await sent).toEqual({ error: { code: 'EPROTOCOL' }, bodyBegan: true, isWhole: false })
})

test('a goodbye while nothing is asked closes the connection', async () => {
  const transfer = begin(true)
  theirs.write('421 4.4.2 idle for too long\r\n')
  await eventually(() => expect(transfer.open).toBe(false))
})
