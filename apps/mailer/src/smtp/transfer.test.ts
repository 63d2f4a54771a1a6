import { once } from 'node:events'
import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import {
  commands,
  give,
  message,
  type RelayByHand,
  relayByHandForEachTest,
} from '../../test/smtp/relay-by-hand.ts'
import { NOT_IN_A_GROUP } from './transaction.ts'

let relay: RelayByHand
relayByHandForEachTest((made) => {
  relay = made
})

test("a mail's commands are one write, and nothing goes out behind its text", async () => {
  const transfer = relay.begin(true)
  const first = give(transfer, message('a'))
  await relay.expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await relay.expectAndReply('Subject: a\r\n.\r\n', '250 2.0.0 taken\r\n')
  expect(await first).toEqual({ reply: '250 2.0.0 taken' })
  const second = give(transfer, message('b'))
  await relay.expectAndReply(commands('b'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await relay.expectAndReply('Subject: b\r\n.\r\n', '250 2.0.0 taken too\r\n')
  expect(await second).toEqual({ reply: '250 2.0.0 taken too' })
})

test('a server without PIPELINING gets one command at a time', async () => {
  const transfer = relay.begin(false)
  const sent = give(transfer, message('a'))
  await relay.expectAndReply('MAIL FROM:<us@x.example>\r\n', '250 ok\r\n')
  await relay.expectAndReply('RCPT TO:<a@y.example>\r\n', '250 ok\r\n')
  await relay.expectAndReply('DATA\r\n', '354 go on\r\n')
  await relay.expectAndReply('Subject: a\r\n.\r\n', '250 taken\r\n')
  expect(await sent).toEqual({ reply: '250 taken' })
  const refused = give(transfer, message('b'))
  await relay.expectAndReply('MAIL FROM:<us@x.example>\r\n', '250 ok\r\n')
  await relay.expectAndReply('RCPT TO:<b@y.example>\r\n', '550 5.1.1 who?\r\n')
  expect(await refused).toMatchObject({ error: { command: 'RCPT TO', responseCode: 550 }, bodyBegan: false })
  void give(transfer, message('c'))
  await relay.expectAndReply('RSET\r\n', '250 ok\r\n')
  await relay.expectAndReply('MAIL FROM:<us@x.example>\r\n', '250 ok\r\n')
})

test.each([
  ['refuses DATA too', '503 5.5.1 no recipients\r\n', ''],
  ['would take a mail for nobody', '354 go on\r\n', '.\r\n'],
])(
  'a refused recipient, by a server that %s: its mail does not go out, the next one does',
  async (_, answer, end) => {
    const transfer = relay.begin(true)
    const first = give(transfer, message('a'))
    await relay.expectAndReply(commands('a'), `250 ok\r\n550-5.1.1 nobody\r\n550 5.1.1 here\r\n${answer}`)
    if (end !== '') await relay.expectAndReply(end, '554 5.5.1 no recipients\r\n')
    expect(await first).toEqual({
      error: { command: 'RCPT TO', response: '550-5.1.1 nobody\n550 5.1.1 here', responseCode: 550 },
      bodyBegan: false,
      isWhole: false,
    })
    const second = give(transfer, message('b'))
    await relay.expectAndReply('RSET\r\n', '250 reset\r\n')
    await relay.expectAndReply(commands('b'), '250 ok\r\n250 ok\r\n354 go on\r\n')
    await relay.expectAndReply('Subject: b\r\n.\r\n', '250 taken\r\n')
    expect(await second).toEqual({ reply: '250 taken' })
  },
)

test('a lost connection reports whether the mail may have arrived', async () => {
  const given = message('a')
  const sent = give(relay.begin(true), given)
  await relay.expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await eventually(() => expect(relay.received.join('')).toBe('Subject: a\r\n.\r\n'))
  expect(given.cutOff.isAtDot).toBe(true)
  relay.theirs.destroy()
  expect(await sent).toMatchObject({ error: { code: expect.any(String) }, bodyBegan: true })
  expect(given.cutOff.isAtDot).toBe(false)
})

test('a message that is given up before its text is not sent; after it the reply is waited for', async () => {
  const late = message('a')
  late.cutOff.claimedUntilMs = 0
  const transfer = relay.begin(true)
  const sent = give(transfer, late)
  await relay.expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  expect(await sent).toMatchObject({ bodyBegan: false })
  await once(relay.theirs, 'close')
  expect(relay.received).toEqual([])
})

test('a cut at the dot waits for the reply, unless it is meant for that too', async () => {
  const given = message('a')
  const transfer = relay.begin(true)
  given.cutOff.onCut = () => transfer.giveUp()
  const sent = give(transfer, given)
  await relay.expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await eventually(() => expect(given.cutOff.isAtDot).toBe(true))
  given.cutOff.cut()
  await relay.expectAndReply('Subject: a\r\n.\r\n', '250 taken\r\n')
  expect(await sent).toEqual({ reply: '250 taken' })
  const other = message('b')
  other.cutOff.onCut = () => transfer.giveUp()
  const cut = give(transfer, other)
  await relay.expectAndReply(commands('b'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await eventually(() => expect(other.cutOff.isAtDot).toBe(true))
  other.cutOff.cut(true)
  expect(await cut).toMatchObject({ bodyBegan: true })
})

/** Sends one of these replies for each thing that the client says. */
async function answerEach(replies: readonly string[]): Promise<void> {
  for (const reply of replies) {
    await eventually(() => expect(relay.received).not.toEqual([]))
    relay.received = []
    relay.theirs.write(`${reply}\r\n`)
  }
}

test.each([
  ['mailMs', false, [], 'ETIMEDOUT', false],
  ['rcptMs', false, ['250 ok'], 'ETIMEDOUT', false],
  ['dataMs', false, ['250 ok', '250 ok'], 'ETIMEDOUT', false],
  ['dotMs', false, ['250 ok', '250 ok', '354 go on'], 'ETIMEDOUT', true],
  ['dotMs', true, ['250 ok\r\n250 ok\r\n354 go on'], 'ETIMEDOUT', true],
  ['mailMs', true, [], NOT_IN_A_GROUP, false],
] as const)('%s bounds its reply (in a group: %s)', async (timeout, inGroup, replies, code, bodyBegan) => {
  const sent = give(relay.begin(inGroup, { [timeout]: 50 }), message('a'))
  await answerEach(replies)
  expect(await sent).toEqual({ error: { code }, bodyBegan, isWhole: false })
})

/** Sends an endless reply, byte by byte, until the client has closed the connection. */
async function drip(): Promise<void> {
  const { theirs } = relay
  theirs.on('error', () => {})
  const timer = setInterval(() => theirs.write('2'), 10)
  if (!theirs.closed) await once(theirs, 'close')
  clearInterval(timer)
}

test.each([
  ['mailMs', false, [], 'ETIMEDOUT', false],
  ['rcptMs', false, ['250 ok'], 'ETIMEDOUT', false],
  ['dataMs', false, ['250 ok', '250 ok'], 'ETIMEDOUT', false],
  ['dotMs', false, ['250 ok', '250 ok', '354 go on'], 'ETIMEDOUT', true],
  ['dotMs', true, ['250 ok\r\n250 ok\r\n354 go on'], 'ETIMEDOUT', true],
  ['mailMs', true, ['250 ok'], NOT_IN_A_GROUP, false],
] as const)(
  '%s bounds a reply that comes byte by byte (in a group: %s)',
  async (timeout, inGroup, replies, code, bodyBegan) => {
    const sent = give(relay.begin(inGroup, { [timeout]: 500 }), message('a'))
    await answerEach(replies)
    if (bodyBegan) await eventually(() => expect(relay.received.join('')).toContain('\r\n.\r\n'))
    relay.theirs.write('250-')
    await drip()
    expect(await sent).toEqual({ error: { code }, bodyBegan, isWhole: false })
  },
)

test.each([
  ['503 5.5.1 improper use of command pipelining\r\n503 no\r\n503 no\r\n', true],
  ['250 ok\r\n250 ok\r\n503 5.5.1 bad sequence\r\n', true],
  ['550 5.7.1 no\r\n503 5.5.1 MAIL first\r\n503 no\r\n', false],
  ['250 ok\r\n550 5.1.1 who?\r\n503 5.5.1 no recipient\r\n', false],
])('a group that is answered %j: it was the group: %s', async (replies, isTheGroup) => {
  const sent = give(relay.begin(true), message('a'))
  await relay.expectAndReply(commands('a'), replies)
  const { error } = (await sent) as { readonly error: { readonly code?: string } }
  expect(error.code === NOT_IN_A_GROUP).toBe(isTheGroup)
})

test('a group that is answered in part and then with silence is given up', async () => {
  const sent = give(relay.begin(true, {}, 1000), message('a'))
  await relay.expectAndReply(commands('a'), '250 ok\r\n')
  expect(await sent).toEqual({ error: { code: NOT_IN_A_GROUP }, bodyBegan: false, isWhole: false })
})

test('an address beyond ASCII is said and written as UTF-8', async () => {
  void give(relay.begin(true), { ...message('a'), to: 'josé@y.example', raw: 'To: josé@y.example\r\n' })
  await relay.expectAndReply(
    'MAIL FROM:<us@x.example> SMTPUTF8\r\nRCPT TO:<josé@y.example>\r\nDATA\r\n',
    '250 ok\r\n250 ok\r\n354 go on\r\n',
  )
  await relay.expectAndReply('To: josé@y.example\r\n.\r\n', '')
})

test('replies come in any pieces; what is no SMTP ends the connection', async () => {
  const transfer = relay.begin(true)
  const sent = give(transfer, message('a'))
  for (const piece of ['2', '50 ok\r', '\n250', '-more\r\n250 ok\r\n354 go on\r\n']) {
    relay.theirs.write(piece)
    await eventually(() => expect(relay.ours.bytesRead).toBe(relay.theirs.bytesWritten))
  }
  await eventually(() => expect(relay.received.join('')).toContain('Subject: a\r\n.\r\n'))
  relay.theirs.write('HTTP/1.1 400 Bad Request\r\n')
  expect(await sent).toEqual({ error: { code: 'EPROTOCOL' }, bodyBegan: true, isWhole: false })
})

test('a goodbye while nothing is asked closes the connection', async () => {
  const transfer = relay.begin(true)
  relay.theirs.write('421 4.4.2 idle for too long\r\n')
  await eventually(() => expect(transfer.open).toBe(false))
})

test('an idle connection is closed after half a minute, also after a mail; the relay then has ten seconds', async () => {
  const transfer = relay.begin(true)
  expect(relay.ours.timeout).toBe(30_000)
  const sent = give(transfer, message('a'))
  await relay.expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await relay.expectAndReply('Subject: a\r\n.\r\n', '250 taken\r\n')
  await sent
  expect(relay.ours.timeout).toBe(30_000)
  // Node tells of each silence with this event.
  relay.ours.emit('timeout')
  expect(relay.ours.timeout).toBe(10_000)
  expect(relay.ours.destroyed).toBe(false)
  relay.ours.emit('timeout')
  expect(relay.ours.destroyed).toBe(true)
  await eventually(() => expect(relay.received).toEqual(['QUIT\r\n']))
})
