import { expectWithin } from '@emailauth/testing/timing'
import { createTransport } from 'nodemailer'
import { expect, test } from 'vitest'
import { testInbox } from './test-inbox.ts'

const inbox = testInbox()
const { receive, get } = inbox

test('a message is shown whole, and is read from then on', async () => {
  const { message } = await createTransport({ streamTransport: true, buffer: true }).sendMail({
    date: new Date('2026-01-02T09:00:00.000Z'),
    subject: 'número',
    text: 'texto',
    html: '<p>html</p><img src="cid:c1">',
    attachments: [
      { filename: 'a.png', cid: 'c1', content: 'abc', contentDisposition: 'inline' },
      { filename: 'b.csv', content: 'a,b' },
    ],
  })
  const id = await receive(String(message))
  const { body } = await get(`/api/v1/message/${id}`)
  expect(body).toMatchObject({ ID: id, Subject: 'número', Date: '2026-01-02T09:00:00.000Z' })
  expect(body).toMatchObject({ ReturnPath: 'bounce@example.com', Bcc: [{ Address: 'ada@example.com' }] })
  expect(body.Text.trim()).toBe('texto')
  expect(body.HTML).toContain('<p>html</p>')
  expect(body.Inline).toMatchObject([{ FileName: 'a.png', ContentType: 'image/png', ContentID: 'c1' }])
  expect(body.Attachments).toMatchObject([{ FileName: 'b.csv', ContentType: 'text/csv', Size: 3 }])
  expect((await get('/api/v1/messages')).body).toMatchObject({ unread: 0, messages: [{ Read: true }] })
})

test('headers and source are shown as they came', async () => {
  const source = 'message-id: <1@b>\r\nX-Two: 1\r\n__proto__: odd\r\nx-two:\r\n 2\r\n\r\nñ'
  const id = await receive(source)
  const { body } = await get(`/api/v1/message/${id}/headers`)
  expect(Object.entries(body)).toEqual([
    ['Message-Id', ['<1@b>']],
    ['X-Two', ['1', '2']],
    ['__proto__', ['odd']],
  ])
  const raw = await inbox.app.inject(`/api/v1/message/${id}/raw`)
  expect(raw.body).toBe(source)
  expect(raw.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(inbox.store.find(id)?.read).toBe(false)
})

test('a message with a hundred thousand headers is shown within a moment', async () => {
  const id = await receive(`${'X: y\r\n'.repeat(100_000)}\r\n`)
  const started = performance.now()
  expect((await get(`/api/v1/message/${id}/headers`)).body.X).toHaveLength(100_000)
  expectWithin(performance.now() - started, 3000)
})

test('latest is the newest message, or the newest that fits a query', async () => {
  const ada = await receive('To: ada@example.com\r\n\r\n')
  const bob = await receive('To: bob@example.com\r\n\r\n')
  expect((await get('/api/v1/message/latest')).body.ID).toBe(bob)
  expect((await get('/api/v1/message/latest?query=to:ada')).body.ID).toBe(ada)
  expect((await get('/api/v1/message/latest?query=to:eve')).status).toBe(404)
})

test.each(['latest', 'x', '..%2F..', '%00', '__proto__', 'ñ'.repeat(20), '%E0%A4%A', 'x'.repeat(5000)])(
  'the id %j is an error with a message and nothing else',
  async (id) => {
    for (const url of [
      `/api/v1/message/${id}`,
      `/api/v1/message/${id}/headers`,
      `/api/v1/message/${id}/raw`,
    ]) {
      const { status, body } = await get(url)
      expect([400, 404, 414]).toContain(status)
      expect(body).toEqual({ Error: expect.any(String) })
    }
  },
)
