import { once } from 'node:events'
import { connect } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSmtpReceiver, MAX_MESSAGE_BYTES, type SmtpReceiver } from './smtp.ts'
import { createMessageStore, type MessageStore } from './store.ts'

let store: MessageStore
let receiver: SmtpReceiver
let port: number

beforeEach(async () => {
  store = createMessageStore()
  receiver = createSmtpReceiver(store)
  port = await receiver.listen(0)
})
afterEach(() => receiver.close())

async function send(mail: Parameters<ReturnType<typeof createTransport>['sendMail']>[0]) {
  const transport = createTransport({ host: '127.0.0.1', port })
  try {
    return await transport.sendMail(mail)
  } finally {
    transport.close()
  }
}

const sendRaw = (raw: string, to: string[] = ['ada@example.com']) =>
  send({ envelope: { from: 'from@example.com', to }, raw })

/** A bare connection that may send the mail's source now. */
async function startData() {
  const client = connect(port, '127.0.0.1')
  let said = ''
  client.on('data', (data) => {
    said += data
  })
  await eventually(() => expect(said).toMatch(/^220 /))
  client.write('EHLO x\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n')
  await eventually(() => expect(said).toMatch(/^354 /m))
  return { client, said: () => said }
}

const newest = () => store.list()[0]!.mail

test('a mail is kept with its addresses, subject and text', async () => {
  await send({
    from: '"Ñandú, Inc." <no-reply@example.com>',
    to: 'Ada <ada@example.com>, bob@example.com',
    bcc: 'hidden@example.com',
    subject: 'Tu número 🔢',
    text: 'Uno\n  dos',
    html: '<p>tres</p>',
    attachments: [{ filename: 'a.txt', content: 'x' }],
  })
  expect(newest()).toMatchObject({
    envelope: {
      from: 'no-reply@example.com',
      to: ['ada@example.com', 'bob@example.com', 'hidden@example.com'],
    },
    subject: 'Tu número 🔢',
    from: { Name: 'Ñandú, Inc.', Address: 'no-reply@example.com' },
    to: [
      { Name: 'Ada', Address: 'ada@example.com' },
      { Name: '', Address: 'bob@example.com' },
    ],
    bcc: [{ Name: '', Address: 'hidden@example.com' }],
    snippet: 'Uno dos',
    attachmentCount: 1,
  })
})

test.each([
  ['nothing at all', ''],
  ['no headers', 'hello\r\nthere'],
  [
    'headers of nonsense',
    ': :\r\n\u0000\r\nSubject\r\nFrom: <<<@>>>\r\nTo: ;;,,:\r\nDate: yesterday\r\n\r\nbody',
  ],
  ['an encoded word that is cut', 'Subject: =?utf-8?B?!!!\r\n\r\nbody'],
  [
    'parts that never end',
    'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n',
  ],
  ['bytes of no charset', 'Content-Type: text/plain; charset=klingon\r\n\r\n\u00ff\u00fe'],
])('a mail with %s is taken all the same', async (_what, raw) => {
  await sendRaw(raw)
  expect(store.list()).toHaveLength(1)
  expect(newest().envelope.to).toEqual(['ada@example.com'])
  expect(newest().bcc).toEqual([{ Name: '', Address: 'ada@example.com' }])
})

test('a mailbox that is written in quotes is found as it is typed, and is no blind copy', async () => {
  const to = '"a..b"@docomo.ne.jp'
  await sendRaw(`From: from@example.com\r\nTo: ${to}\r\nSubject: x\r\n\r\nHello\r\n`, [to])
  expect(newest()).toMatchObject({ to: [{ Name: '', Address: 'a..b@docomo.ne.jp' }], bcc: [] })
})

test('a recipient whose domain is written in two ways is one recipient', async () => {
  await sendRaw('To: <ada@xn--bcher-kva.example>\r\n\r\n', ['ada@bücher.example'])
  await sendRaw('To: <bob@bücher.example>\r\n\r\n', ['bob@xn--bcher-kva.example'])
  expect(store.list().map(({ mail }) => [mail.to.length, mail.bcc])).toEqual([
    [1, []],
    [1, []],
  ])
})

test('a mail that nests too deep to be read shows its source', async () => {
  const levels = Array.from(
    { length: 400 },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}`,
  )
  await sendRaw(levels.join('\r\n'))
  expect(newest().snippet).toContain('boundary=b0')
  expect(newest().from.Address).toBe('from@example.com')
})

test('the largest mail is kept, a larger one is refused with 552, also when its size is not announced', async () => {
  const filled = (bytes: number) => 'Subject: x\r\n\r\n'.padEnd(bytes, `${'y'.repeat(76)}\r\n`)
  await sendRaw(filled(MAX_MESSAGE_BYTES - 1000))
  expect(store.list()).toHaveLength(1)
  await expect(sendRaw(filled(2 * MAX_MESSAGE_BYTES))).rejects.toMatchObject({ responseCode: 552 })
  const { client, said } = await startData()
  client.write(`${filled(2 * MAX_MESSAGE_BYTES)}\r\n.\r\nQUIT\r\n`)
  await once(client, 'close')
  expect(said()).toMatch(/^552 /m)
  expect(store.list()).toHaveLength(1)
})

test('of ten thousand recipients the first hundred are taken', async () => {
  const many = Array.from({ length: 10_000 }, (_, n) => `user${n}@example.com`)
  const { accepted, rejected } = await sendRaw(`To: ${many.join(',\r\n ')}\r\nSubject: all\r\n\r\n`, many)
  expect(accepted).toHaveLength(100)
  expect(rejected).toHaveLength(9900)
  expect(newest().envelope.to).toHaveLength(100)
  expect(newest().to).toHaveLength(100)
})

test('a client that leaves in the middle of a mail leaves nothing behind', async () => {
  const { client } = await startData()
  client.write('Subject: half\r\n\r\nhalf a ma')
  client.destroy()
  await once(client, 'close')
  await sendRaw('Subject: whole\r\n\r\n')
  expect(store.list().map(({ mail }) => mail.subject)).toEqual(['whole'])
})

test.each(['PLAIN', 'LOGIN'])(
  'any user name and password signs in by %s, and the name is kept',
  async (authMethod) => {
    const transport = createTransport({
      host: '127.0.0.1',
      port,
      authMethod,
      auth: { user: 'ñu', pass: 'secret' },
    })
    await transport.verify()
    await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', text: 'x' })
    transport.close()
    expect(store.list()[0]?.username).toBe('ñu')
    expect(JSON.stringify(store.list())).not.toContain('secret')
  },
)

test('a user name of a kilobyte is cut, and without a sign-in there is none', async () => {
  const auth = { user: 'u'.repeat(1000), pass: 'x' }
  const transport = createTransport({ host: '127.0.0.1', port, auth })
  await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', text: 'x' })
  transport.close()
  expect(store.list()[0]?.username).toBe('u'.repeat(256))
  await sendRaw('Subject: x\r\n\r\n')
  expect(store.list()[0]?.username).toBe('')
})

test('a taken port is reported', async () => {
  const second = createSmtpReceiver(store)
  await expect(second.listen(port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('closing does not wait for a connection that idles', async () => {
  const client = connect(port, '127.0.0.1')
  await once(client, 'data')
  const closed = once(client, 'close')
  await receiver.close()
  await closed
  receiver = createSmtpReceiver(store)
  port = await receiver.listen(0)
})
