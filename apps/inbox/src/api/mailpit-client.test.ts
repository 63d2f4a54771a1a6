import type { FastifyInstance } from 'fastify'
import { MailpitClient } from 'mailpit-api'
import { createTransport } from 'nodemailer'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildInboxApp } from '../app.ts'
import { createSmtpReceiver, type SmtpReceiver } from '../smtp.ts'
import { createMessageStore } from '../store.ts'

// A client library of Mailpit, as it is published, against a real inbox and mails by real SMTP.
const store = createMessageStore()
let app: FastifyInstance
let smtp: SmtpReceiver
let client: MailpitClient
let transport: ReturnType<typeof createTransport>

beforeAll(async () => {
  app = await buildInboxApp(store)
  smtp = createSmtpReceiver(store)
  client = new MailpitClient(await app.listen({ port: 0, host: '127.0.0.1' }))
  transport = createTransport({ host: '127.0.0.1', port: await smtp.listen(0) })
})
afterAll(async () => {
  transport.close()
  await Promise.all([app.close(), smtp.close()])
})
beforeEach(async () => {
  await transport.sendMail({
    from: 'Acme <no-reply@acme.test>',
    to: 'ada@example.com',
    subject: 'Your number: 1234 5678',
    text: 'It is 1234 5678.',
    html: '<p>It is <b>1234 5678</b> <img src="cid:logo@acme"></p>',
    list: { unsubscribe: 'https://acme.test/leave' },
    attachments: [
      { filename: 'logo.png', cid: 'logo@acme', content: 'PNG', contentDisposition: 'inline' },
      { filename: 'añb".csv', content: 'a,b\n' },
    ],
  })
  await transport.sendMail({ from: 'a@b.test', to: 'bob@example.com', subject: 'Hi', text: 'Hello' })
})
afterEach(() => store.clear())

test('waits for a mail, lists, and searches', async () => {
  const found = await client.waitForMessage({ query: 'to:ada@example.com' })
  expect(found).toMatchObject({ Subject: 'Your number: 1234 5678', Tags: [] })
  expect(found.ListUnsubscribe).toMatchObject({ Links: ['https://acme.test/leave'], Errors: '' })
  expect(await client.listMessages(0, 1)).toMatchObject({
    total: 2,
    unread: 1,
    messages: [{ Subject: 'Hi' }],
  })
  await expect(client.searchMessages({ query: 'to:bob', tz: 'Europe/Berlin' })).resolves.toMatchObject({
    messages_count: 1,
  })
  await expect(client.searchMessages({ query: 'fro:bob' })).rejects.toThrow('unknown filter \\"fro:\\"')
})

test('marks as read and unread: all, by id, by search', async () => {
  const unread = async () =>
    (await client.searchMessages({ query: 'is:unread' })).messages.map(({ Subject }) => Subject)
  expect(await client.setReadStatus({ Read: true })).toBe('ok')
  expect(await unread()).toEqual([])
  await client.setReadStatus({ Search: 'to:bob' })
  expect(await unread()).toEqual(['Hi'])
  const [first] = (await client.searchMessages({ query: 'to:ada' })).messages
  await client.setReadStatus({ IDs: [first?.ID ?? '', 'unknown'], Read: false })
  expect(await unread()).toHaveLength(2)
  await client.setReadStatus()
  expect(await unread()).toHaveLength(2)
})

test('deletes by search, by id, and all', async () => {
  expect(await client.deleteMessagesBySearch({ query: 'to:ada -subject:Hi' })).toBe('ok')
  expect((await client.listMessages()).messages.map(({ Subject }) => Subject)).toEqual(['Hi'])
  await client.deleteMessages({ IDs: [(await client.getMessageSummary()).ID] })
  expect((await client.listMessages()).total).toBe(0)
  expect(await client.deleteMessages()).toBe('ok')
})

test('renders the mail, its source, its headers and its parts', async () => {
  const message = await client.waitForMessage({ query: 'to:ada' })
  const html = await client.renderMessageHTML(message.ID)
  expect(html).toContain(`<img src="/api/v1/message/${message.ID}/part/1">`)
  expect(await client.renderMessageHTML(message.ID, '1' as never)).toMatch(/^<base target="_blank">/)
  expect((await client.renderMessageText(message.ID)).trim()).toBe('It is 1234 5678.')
  expect((await client.renderMessageText()).trim()).toBe('Hello')
  expect(await client.getMessageSource(message.ID)).toContain('Subject: Your number')
  expect((await client.getMessageHeaders(message.ID)).Subject).toEqual(['Your number: 1234 5678'])
  const [table] = message.Attachments
  const blob = await client.getMessageAttachment(message.ID, table?.PartID ?? '')
  expect([await blob.text(), blob.type]).toEqual(['a,b\n', 'text/csv'])
})

test('sends by HTTP', async () => {
  const { ID } = await client.sendMessage({
    From: { Email: 'x@example.com', Name: 'X' },
    To: [{ Email: 'carol@example.com' }],
    Bcc: ['dan@example.com'],
    Subject: 'ñ',
    Text: 'hello',
    HTML: '<b>hello</b>',
    Headers: { 'X-Two': '2' },
    Attachments: [{ Filename: 'a.txt', Content: Buffer.from('abc').toString('base64') }],
  })
  const message = await client.getMessageSummary(ID)
  expect(message).toMatchObject({ Subject: 'ñ', Attachments: [{ Size: 3 }] })
  expect(message.HTML.trim()).toBe('<b>hello</b>')
  expect([message.To[0]?.Address, message.Bcc[0]?.Address]).toEqual(['carol@example.com', 'dan@example.com'])
  expect((await client.getMessageHeaders(ID))['X-Two']).toEqual(['2'])
  const wrong = client.sendMessage({ From: { Email: 'x' }, To: [{ Email: 'a@b.test' }] })
  await expect(wrong).rejects.toThrow(/400 .*From\.Email/)
  expect((await client.listMessages()).total).toBe(3)
})

test('shows what it is, and says what it has not', async () => {
  const info = await client.getInfo()
  expect(info).toMatchObject({ Messages: 2, Unread: 2, Database: 'memory', Tags: {} })
  expect(info.Version).toMatch(/^emailauth-\d/)
  const { SMTPAccepted } = info.RuntimeStats
  await client.deleteMessages()
  expect((await client.getInfo()).RuntimeStats).toMatchObject({ SMTPAccepted, MessagesDeleted: SMTPAccepted })
  expect((await client.getConfiguration()).MessageRelay.Enabled).toBe(false)
  expect(await client.getTags()).toEqual([])
  const absent = await Promise.allSettled([
    client.setTags({ IDs: ['x'], Tags: ['y'] }),
    client.renameTag('a', 'b'),
    client.htmlCheck(),
    client.linkCheck(),
    client.spamAssassinCheck(),
    client.releaseMessage('latest', { To: ['a@b.test'] }),
    client.getChaosTriggers(),
    client.getAttachmentThumbnail('latest', '1'),
  ])
  for (const outcome of absent)
    expect(outcome).toMatchObject({
      reason: { message: expect.stringMatching(/501 .*run Mailpit itself/) },
    })
})
