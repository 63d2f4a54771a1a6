import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTransfer, type Sent, type Transfer } from './transfer.ts'

// The server's side is played by hand, so that every byte and every write can be looked at.
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

const letter = (name: string) => ({
  from: 'us@x.example',
  to: `${name}@y.example`,
  raw: `Subject: ${name}\r\n`,
})
const commands = (name: string) =>
  `MAIL FROM:<us@x.example>\r\nRCPT TO:<${name}@y.example>\r\nDATA\r\n` as const

function give(transfer: Transfer, given: ReturnType<typeof letter>): Promise<Sent> {
  return new Promise((done) => transfer.send(given, done))
}

/** Gives one mail, and another one as soon as there is room for it. */
function giveTwo(transfer: Transfer, one: ReturnType<typeof letter>, other: ReturnType<typeof letter>) {
  const second = new Promise<Sent>((done) => {
    transfer.whenRoom(() => {
      transfer.whenRoom(() => {})
      transfer.send(other, done)
    })
  })
  return [give(transfer, one), second] as const
}

/** Waits until the client has written this, and answers. */
async function hears(text: string, answer: string): Promise<void> {
  await eventually(() => expect(received.join('')).toBe(text))
  received = []
  theirs.write(answer)
}

test("one write a mail: a mail's commands go out behind the body of the one before", async () => {
  const transfer = createTransfer(ours, true)
  const [first, second] = giveTwo(transfer, letter('a'), letter('b'))
  expect(transfer.hasRoom).toBe(false)
  await hears(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await eventually(() => expect(received).toEqual([`Subject: a\r\n.\r\n${commands('b')}`]))
  received = []
  theirs.write('250 2.0.0 taken\r\n250 ok\r\n250 ok\r\n354 go on\r\n')
  expect(await first).toEqual({ reply: '250 2.0.0 taken' })
  await hears('Subject: b\r\n.\r\n', '250 2.0.0 taken too\r\n')
  expect(await second).toEqual({ reply: '250 2.0.0 taken too' })
  expect(transfer.hasRoom).toBe(true)
})

test('a server without PIPELINING gets one command at a time', async () => {
  const transfer = createTransfer(ours, false)
  const sent = give(transfer, letter('a'))
  expect(transfer.hasRoom).toBe(false)
  await hears('MAIL FROM:<us@x.example>\r\n', '250 ok\r\n')
  await hears('RCPT TO:<a@y.example>\r\n', '250 ok\r\n')
  await hears('DATA\r\n', '354 go on\r\n')
  await hears('Subject: a\r\n.\r\n', '250 taken\r\n')
  expect(await sent).toEqual({ reply: '250 taken' })
  const refused = give(transfer, letter('b'))
  await hears('MAIL FROM:<us@x.example>\r\n', '250 ok\r\n')
  await hears('RCPT TO:<b@y.example>\r\n', '550 5.1.1 who?\r\n')
  expect(await refused).toMatchObject({ error: { command: 'RCPT TO', responseCode: 550 }, bodyBegan: false })
  await hears('RSET\r\n', '250 ok\r\n')
})

test.each([
  ['refuses DATA too', '503 5.5.1 no recipients\r\n', ''],
  ['would take a mail for nobody', '354 go on\r\n', '.\r\n'],
])(
  'a refused recipient, by a server that %s: its mail does not go out, the next one does',
  async (_, answer, end) => {
    const transfer = createTransfer(ours, true)
    const first = give(transfer, letter('a'))
    await hears(commands('a'), `250 ok\r\n550-5.1.1 nobody\r\n550 5.1.1 here\r\n${answer}`)
    if (end !== '') await hears(end, '554 5.5.1 no recipients\r\n')
    expect(await first).toEqual({
      error: { command: 'RCPT TO', response: '550-5.1.1 nobody\n550 5.1.1 here', responseCode: 550 },
      bodyBegan: false,
    })
    const second = give(transfer, letter('b'))
    await hears(`RSET\r\n${commands('b')}`, '250 reset\r\n250 ok\r\n250 ok\r\n354 go on\r\n')
    await hears('Subject: b\r\n.\r\n', '250 taken\r\n')
    expect(await second).toEqual({ reply: '250 taken' })
  },
)

test('a connection that is lost tells which mail may have arrived', async () => {
  const transfer = createTransfer(ours, true)
  const [first, second] = giveTwo(transfer, letter('a'), letter('b'))
  await hears(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await eventually(() => expect(received.join('')).toContain(commands('b')))
  theirs.destroy()
  expect(await first).toMatchObject({ bodyBegan: true })
  expect(await second).toMatchObject({ error: { code: expect.any(String) }, bodyBegan: false })
  expect(transfer.open).toBe(false)
})

test('a mail that is given up behind another one does not go out, and does not hurt it', async () => {
  const transfer = createTransfer(ours, true)
  const [a, b] = [letter('a'), letter('b')]
  const [first, second] = giveTwo(transfer, a, b)
  await hears(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await eventually(() => expect(received.join('')).toContain(commands('b')))
  received = []
  transfer.giveUp(b)
  expect(await second).toMatchObject({ bodyBegan: false })
  theirs.write('250 taken\r\n250 ok\r\n250 ok\r\n354 go on\r\n')
  expect(await first).toEqual({ reply: '250 taken' })
  await once(theirs, 'close')
  expect(received).toEqual([])
})

test('an address beyond ASCII is said and written as UTF-8, also behind a mail that is ASCII', async () => {
  const transfer = createTransfer(ours, true)
  const other = { from: 'us@x.example', to: 'josé@y.example', raw: 'To: josé@y.example\r\n' }
  giveTwo(transfer, letter('a'), other)
  await hears(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await hears(
    'Subject: a\r\n.\r\nMAIL FROM:<us@x.example> SMTPUTF8\r\nRCPT TO:<josé@y.example>\r\nDATA\r\n',
    '250 taken\r\n250 ok\r\n250 ok\r\n354 go on\r\n',
  )
  await hears('To: josé@y.example\r\n.\r\n', '')
})

test('replies come in any pieces; what is no SMTP ends the connection', async () => {
  const transfer = createTransfer(ours, true)
  const sent = give(transfer, letter('a'))
  for (const piece of ['2', '50 ok\r', '\n250', '-more\r\n250 ok\r\n354 go on\r\n']) {
    theirs.write(piece)
    await eventually(() => expect(ours.bytesRead).toBe(theirs.bytesWritten))
  }
  await eventually(() => expect(received.join('')).toContain('Subject: a\r\n.\r\n'))
  theirs.write('HTTP/1.1 400 Bad Request\r\n')
  expect(await sent).toEqual({ error: { code: 'EPROTOCOL' }, bodyBegan: true })
})

test('a goodbye while nothing is asked closes the connection', async () => {
  const transfer = createTransfer(ours, true)
  theirs.write('421 4.4.2 idle for too long\r\n')
  await eventually(() => expect(transfer.open).toBe(false))
})
