import { expectWithin } from '@emailauth/testing/timing'
import { expect, test } from 'vitest'
import { classifyFailure } from '../failure.ts'
import { classifyReply } from './classify-reply.ts'
import { REAL_REPLIES } from './real-replies.ts'
import { NOT_THE_RECIPIENT, RECIPIENT_TEXTS } from './refusal-rules.ts'

const codeOf = (text: string) => Number(text.slice(0, 3))

test.each(REAL_REPLIES)('%s: %s is %s (%s)', (command, text, says) => {
  expect(classifyReply({ command, code: codeOf(text), text })).toBe(says)
})

test.each(REAL_REPLIES)('%s: %s: what follows from it', (command, response, says) => {
  const { outcome, reply } = classifyFailure({ command, response, responseCode: codeOf(response) })
  expect(outcome).toBe(says === 'recipient' ? 'rejected' : 'deferred')
  expect(reply).toBe(response)
})

test('there are many of them, of both kinds, each once', () => {
  const rejected = REAL_REPLIES.filter(([, , says]) => says === 'recipient')
  expect(REAL_REPLIES.length).toBeGreaterThanOrEqual(150)
  expect(rejected.length).toBeGreaterThanOrEqual(60)
  expect(REAL_REPLIES.length - rejected.length).toBeGreaterThanOrEqual(90)
  expect(new Set(REAL_REPLIES.map(([command, text]) => command + text)).size).toBe(REAL_REPLIES.length)
})

test('nothing but RCPT and DATA can be evidence about the recipient', () => {
  const recipients = REAL_REPLIES.filter(([, , says]) => says === 'recipient')
  for (const command of ['MAIL FROM', 'EHLO', 'AUTH PLAIN', 'CONN', 'RSET', undefined]) {
    for (const [, text] of recipients) {
      expect(classifyReply({ command, code: codeOf(text), text })).not.toBe('recipient')
    }
  }
})

test('words in the addresses and links of a reply do not count', () => {
  const text = '550 5.1.1 <dmarc-spam@blocked.example>: user unknown, see https://x.example/spam/blocklist'
  expect(classifyReply({ command: 'RCPT TO', code: 550, text })).toBe('recipient')
  const ours = '550 5.1.1 <ada@example.com>: sender unknown-user@acme.example refused'
  expect(classifyReply({ command: 'RCPT TO', code: 550, text: ours })).toBe('sender')
})

test('a long or hostile reply is read in no time', () => {
  for (const piece of ['user ', 'a@', 'a', '5.1.1 ', 'no such ', '<', ' is not ']) {
    const text = `550 ${piece.repeat(10_000)}`
    const beganAt = performance.now()
    for (let i = 0; i < 500; i++)
      expect(classifyReply({ command: 'RCPT TO', code: 550, text })).toBeTypeOf('string')
    expectWithin(performance.now() - beganAt, 500)
  }
})

test('each row of the table has a source', () => {
  for (const { source } of [...NOT_THE_RECIPIENT, ...RECIPIENT_TEXTS])
    expect(source.length).toBeGreaterThan(10)
})

// RFC 4954: they are about our credentials at every command, and never about the mailbox.
test.each([530, 531, 532, 533, 534, 535, 536, 537, 538])('%i is about our credentials', (code) => {
  expect(classifyReply({ command: 'RCPT TO', code, text: `${code} No such user` })).toBe('credentials')
})

test.each([
  ['RCPT TO', '529 No such user', 'other'],
  ['RCPT TO', '539 No such user', 'other'],
  ['RCPT TO', '500 No', 'protocol'],
  ['RCPT TO', '505 No', 'other'],
  // Only a 5xx is final.
  ['RCPT TO', '600 No such user', 'protocol'],
  ['RCPT TO', '000 No such user', 'protocol'],
  ['RCPT TO', '599 5.1.1 No such user', 'recipient'],
  // The enhanced code may have a mark before it, brackets around it, or stand at the end as qmail writes it.
  ['RCPT TO', '550 x1 5.1.10 Refused', 'recipient'],
  ['RCPT TO', '550 [5.1.10] Refused', 'recipient'],
  ['RCPT TO', '550 Refused (#5.1.10)', 'recipient'],
  ['RCPT TO', '550 [[4.2.1] Refused', 'temporary'],
  ['RCPT TO', '550 [[[4.2.1] Refused', 'other'],
  // Its numbers have three digits at most (RFC 3463). Otherwise it is no code, and the words count.
  ['RCPT TO', '550 4.777.777 Refused', 'temporary'],
  ['RCPT TO', '550 4.7777.1 Refused', 'other'],
  ['RCPT TO', '550 4.7.7777 Refused', 'other'],
  ['RCPT TO', '550 No such user (#5.777.777)', 'other'],
  ['RCPT TO', '550 No such user (#5.7777.1)', 'recipient'],
  ['RCPT TO', '550 No such user (#5.7.7777)', 'recipient'],
] as const)('%s: %s is %s', (command, text, says) => {
  expect(classifyReply({ command, code: codeOf(text), text })).toBe(says)
})

test('the end of a very long reply is not read', () => {
  const text = (words: string) => `550 ${' '.repeat(1000)}${words} no such user`
  expect(classifyReply({ command: 'RCPT TO', code: 550, text: text('') })).toBe('recipient')
  expect(classifyReply({ command: 'RCPT TO', code: 550, text: text('x'.repeat(1990)) })).toBe('other')
})
