import { once } from 'node:events'
import { eventually } from '@emailauth/testing/eventually'
import { expect, test, vi } from 'vitest'
import {
  commands,
  give,
  message,
  type RelayByHand,
  relayByHandForEachTest,
} from '../../test/smtp/relay-by-hand.ts'
import { NOT_BY_BDAT, NOT_IN_A_GROUP, type Sent } from './transaction.ts'
import type { Transfer } from './transfer.ts'

let relay: RelayByHand
relayByHandForEachTest((made) => {
  relay = made
})

/** A connection to a relay with CHUNKING that has just taken a message by DATA. */
async function beginAlive(): Promise<Transfer> {
  const transfer = relay.begin(true, {}, 60_000, true)
  const first = give(transfer, message('first'))
  await relay.expectAndReply(commands('first'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  await relay.expectAndReply('Subject: first\r\n.\r\n', '250 taken\r\n')
  await first
  return transfer
}

/** The same after a message by BDAT. */
async function beginChunking(): Promise<Transfer> {
  const transfer = await beginAlive()
  const second = give(transfer, { ...message('second'), raw: 'To: a\r\nSubject: b\r\n' })
  await relay.expectAndReply(ahead('second', 'To: a\r\n'), '250 ok\r\n250 ok\r\n250 go on\r\n')
  await relay.expectAndReply('BDAT 12 LAST\r\nSubject: b\r\n', '250 taken\r\n')
  expect(await second).toEqual({ reply: '250 taken' })
  return transfer
}

/** What is written before a relay has taken a BDAT: a line of the text goes ahead. */
const ahead = (name: string, line = `Subject: ${name}\r\n`) =>
  `MAIL FROM:<us@x.example>\r\nRCPT TO:<${name}@y.example>\r\nBDAT ${Buffer.byteLength(line)}\r\n${line}`

/** A message in one write. */
const whole = (name: string, text = `Subject: ${name}\r\n`) =>
  `MAIL FROM:<us@x.example>\r\nRCPT TO:<${name}@y.example>\r\nBDAT ${Buffer.byteLength(text)} LAST\r\n${text}`

test('with CHUNKING a message is one write on a connection that has just taken one', async () => {
  const transfer = await beginChunking()
  const given = message('a')
  const sent = give(transfer, given)
  await eventually(() => expect(relay.received.join('')).toBe(whole('a')))
  expect(given.cutOff.isAtDot).toBe(true)
  await relay.expectAndReply(whole('a'), '250 ok\r\n250 ok\r\n250 2.0.0 taken\r\n')
  expect(await sent).toEqual({ reply: '250 2.0.0 taken' })
  expect(given.cutOff.isAtDot).toBe(false)
  const text = 'To: josé@y.example\r\n'
  void give(transfer, { ...message('b'), from: 'josé@x.example', raw: text })
  await relay.expectAndReply(
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
    await relay.expectAndReply(commands('a'), '')
  } finally {
    clock.mockRestore()
  }
})

test('a message whose claim has ended is not written whole', async () => {
  const transfer = await beginAlive()
  const late = message('a')
  late.cutOff.claimedUntilMs = 0
  const sent = give(transfer, late)
  await relay.expectAndReply(commands('a'), '250 ok\r\n250 ok\r\n354 go on\r\n')
  expect(await sent).toMatchObject({ bodyBegan: false })
  await once(relay.theirs, 'close')
})

test('a refused recipient of a message that was one write: the next message begins anew', async () => {
  const transfer = await beginChunking()
  const refused = give(transfer, message('a'))
  await relay.expectAndReply(whole('a'), '250 ok\r\n550 5.1.1 nobody\r\n554 5.5.1 no recipients\r\n')
  expect(await refused).toMatchObject({ error: { command: 'RCPT TO', responseCode: 550 } })
  void give(transfer, message('b'))
  await relay.expectAndReply('RSET\r\n', '250 ok\r\n')
  await relay.expectAndReply(commands('b'), '')
})

test.each([
  ['250 ok\r\n250 ok\r\n502 5.5.2 what?\r\n', NOT_BY_BDAT, 'DATA'],
  ['250 ok\r\n250 ok\r\n503 5.5.1 bad sequence\r\n', NOT_BY_BDAT, 'DATA'],
  ['250 ok\r\n250 ok\r\n554 5.7.1 spam\r\n', undefined, 'DATA'],
  ['503 5.5.1 one by one\r\n503 no\r\n503 no\r\n', NOT_IN_A_GROUP, 'MAIL FROM'],
  ['421 4.7.0 enough\r\n', undefined, 'MAIL FROM'],
])('a message that was one write is answered %j: %s', async (replies, code, command) => {
  const sent = give(await beginChunking(), message('a'))
  await relay.expectAndReply(whole('a'), replies)
  const { error, isWhole } = (await sent) as Extract<Sent, { readonly error: unknown }>
  expect({ code: error.code, command: error.command, isWhole }).toEqual({ code, command, isWhole: true })
})

test('a connection that is lost with a message that was one write leaves it in doubt', async () => {
  const sent = give(await beginChunking(), message('a'))
  await eventually(() => expect(relay.received.join('')).toBe(whole('a')))
  relay.theirs.destroy()
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
  await relay.expectAndReply(ahead('a'), replies)
  const { error, bodyBegan, isWhole } = (await sent) as Extract<Sent, { readonly error: unknown }>
  expect({ code: error.code, command: error.command, bodyBegan, isWhole }).toEqual({
    code,
    command,
    bodyBegan: false,
    isWhole: true,
  })
  expect(transfer.open).toBe(isOpen)
  expect(relay.received).toEqual([])
})

test('a claim that ends while a line is ahead: the text does not follow', async () => {
  const late = message('a')
  const sent = give(await beginAlive(), late)
  await eventually(() => expect(relay.received.join('')).toBe(ahead('a')))
  late.cutOff.claimedUntilMs = 0
  await relay.expectAndReply(ahead('a'), '250 ok\r\n250 ok\r\n250 go on\r\n')
  expect(await sent).toMatchObject({ bodyBegan: false })
})
