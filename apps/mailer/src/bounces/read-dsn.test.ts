import { expect, test } from 'vitest'
import { readDsn } from './read-dsn.ts'

const ID = '<token.of-a-message@acme.example>'

/** A report in Postfix's form, with changes. */
function report({
  recipient = 'Final-Recipient: rfc822; gone@example.com\nOriginal-Recipient: rfc822;gone@example.com',
  action = 'failed',
  status = '5.1.1',
  diagnostic = 'smtp; 550 5.1.1 <gone@example.com>: Recipient address\n    rejected: User unknown',
  returned = 'message/rfc822',
  global = '',
  to = 'bounces@acme.example',
  headers = '',
  body = '',
} = {}): Buffer {
  const text = `From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: ${to}${headers}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

This is the mail system.
--b1
Content-Type: message/${global}delivery-status

Reporting-MTA: dns; mx.example

${recipient}
Action: ${action}
Status: ${status}
Diagnostic-Code: ${diagnostic}
--b1
Content-Type: ${returned}

Subject: 1234 5678 is your code
Message-ID:
 ${ID}
To: gone@example.com
${body}
--b1--
`
  return Buffer.from(text.replaceAll('\n', '\r\n'))
}

test.each(['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'])(
  'a report that gives the mail back as %s',
  async (returned) => {
    expect(await readDsn(report({ returned }))).toEqual([
      {
        messageId: ID,
        email: 'rfc822;gone@example.com',
        permanent: true,
        reason: '550 5.1.1 <gone@example.com>: Recipient address rejected: User unknown',
      },
    ])
  },
)

test.each([
  [
    'a block list',
    { status: '5.7.1', diagnostic: 'smtp; 554 5.7.1 Client host blocked using zen.example' },
    false,
  ],
  ['a full mailbox', { status: '5.2.2', diagnostic: 'smtp; 552 5.2.2 Over quota' }, false],
  [
    'a time-out of the queue',
    { status: '4.4.1', diagnostic: 'smtp; connect to mx.example: Connection timed out' },
    false,
  ],
  ['a code alone', { status: '5.1.1', diagnostic: 'x-unix; user unknown' }, true],
  ['a text without a telling code', { status: '5.0.0', diagnostic: 'smtp; 550 No such user here' }, true],
])('%s', async (_, changes, permanent) => {
  expect(await readDsn(report(changes))).toMatchObject([{ email: 'rfc822;gone@example.com', permanent }])
})

test.each(['delayed', 'delivered', 'relayed', 'expanded'])('%s is no bounce', async (action) => {
  expect(await readDsn(report({ action }))).toEqual([])
})

test.each([
  ['Original-Recipient: rfc822;ada+2Bcode@example.com', ['rfc822;ada+2Bcode@example.com']],
  ['Final-Recipient: utf-8; jos\\x{E9}@example.com', ['utf-8; jos\\x{E9}@example.com']],
  [
    'Original-Recipient: rfc822;Gone@example.com\nFinal-Recipient: rfc822; <gone@EXAMPLE.com>',
    ['rfc822;Gone@example.com'],
  ],
  [
    'Original-Recipient: rfc822;ada@example.com\nFinal-Recipient: rfc822;other@elsewhere.example',
    ['rfc822;ada@example.com', 'rfc822;other@elsewhere.example'],
  ],
])('%j names each mailbox once', async (recipient, emails) => {
  const global = recipient.includes('utf-8') ? 'global-' : ''
  expect((await readDsn(report({ recipient, global }))).map(({ email }) => email)).toEqual(emails)
})

test.each(['', 'no mail', 'Subject: Out of office\r\n\r\nBack on Monday', '\u0000'.repeat(5000)])(
  '%j is no report',
  async (text) => {
    expect(await readDsn(Buffer.from(text))).toEqual([])
  },
)

const TOKEN = 'a2'.repeat(26)

// A carriage return or U+2028 ends the `.` of a pattern. 50 kB of spaces before one took 8 to 35 s.
test.each(['\r', '\u2028'])('a field of 200,000 spaces before %j costs little', async (end) => {
  const spaces = `Action:${' '.repeat(200_000)}${end}x`
  expect(await readDsn(report({ recipient: spaces }))).toEqual([])
  expect(await readDsn(report({ headers: `\nX-${spaces}` }))).toEqual([])
  expect(await readDsn(report({ diagnostic: spaces }))).toHaveLength(1)
})

test('the return path names the message before the Message-ID that came back, in whatever case', async () => {
  for (const to of [`bounces+${TOKEN}@acme.example`, `Bounces+${TOKEN.toUpperCase()}@acme.example`]) {
    const read = await readDsn(report({ to }))
    expect(read.map(({ messageId }) => messageId)).toEqual([`<${TOKEN}@acme.example>`, ID])
    expect(await readDsn(report(), [to])).toEqual(read)
  }
})

// Each bounce is a look-up in Redis. 20 failures with two addresses and 21 ids were 840.
test('of a report with very many recipients and return paths 60 bounces are read', async () => {
  const token = (i: number) => `${i.toString(2).replaceAll('0', 'a').replaceAll('1', 'b')}`.padStart(52, 'a')
  const to = Array.from({ length: 40 }, (_, i) => `bounces+${token(i)}@acme.example`).join(', ')
  const others = Array.from(
    { length: 100 },
    (_, i) => `Final-Recipient: rfc822;a${i}@example.com\nAction: failed\nStatus: 5.1.1\n`,
  ).join('\n')
  const recipient = `${others}\nFinal-Recipient: rfc822;z@example.com`
  const ofMany = await readDsn(report({ to, recipient }))
  expect(new Set(ofMany.map(({ messageId }) => messageId)).size).toBe(21)
  expect(ofMany).toHaveLength(60)
  const ofTwo = await readDsn(report({ to: to.slice(0, to.indexOf(',', 100)), recipient }))
  expect(new Set(ofTwo.map(({ email }) => email)).size).toBe(20)
  expect(ofTwo).toHaveLength(20 * 3)
})

test.each([
  ['lines', (size: number) => ({ body: 'x\n'.repeat(size * 4000) })],
  ['parts', (size: number) => ({ body: '\n--b1\n'.repeat(size * 80) })],
  ['headers', (size: number) => ({ headers: `\nX-Seen: ${'x'.repeat(60)}`.repeat(size * 300) })],
  ['addresses in groups', (size: number) => ({ headers: `, ${'a:'.repeat(size * 1500)}` })],
  ['addresses on lines', (size: number) => ({ headers: `\nCC :\n ${'a,'.repeat(size * 1500)}` })],
  ['addresses in headers', (size: number) => ({ headers: '\nBcc: a@b.example'.repeat(size * 200) })],
])('a report with very many %s is not read', async (_, changes) => {
  expect(await readDsn(report(changes(1)))).toMatchObject([{ messageId: ID }])
  expect(await readDsn(report(changes(2)))).toEqual([])
})
