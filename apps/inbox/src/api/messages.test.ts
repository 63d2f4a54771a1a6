import { expectWithin } from '@emailauth/testing/timing'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildInboxApp } from '../app.ts'
import { readMail } from '../mail/mail.ts'
import { createMessageStore, type MessageStore } from '../store.ts'

let store: MessageStore
let app: FastifyInstance
const received = new Date('2026-01-02T03:04:05.000Z')

beforeEach(async () => {
  store = createMessageStore(undefined, () => received)
  app = await buildInboxApp(store)
})
afterEach(() => app.close())

async function receive(source: string, to = ['ada@example.com']) {
  return store.add(await readMail(Buffer.from(source), { from: 'bounce@example.com', to })).id
}

async function get(url: string, options: InjectOptions = {}) {
  const reply = await app.inject({ url, ...options })
  return { status: reply.statusCode, body: reply.json() }
}

test('an empty inbox is an empty page', async () => {
  expect(await get('/api/v1/messages')).toEqual({
    status: 200,
    body: {
      total: 0,
      unread: 0,
      count: 0,
      messages_count: 0,
      messages_unread: 0,
      start: 0,
      tags: [],
      messages: [],
    },
  })
})

test('a message is listed with the fields of Mailpit', async () => {
  const source =
    'From: Acme <a@b.test>\r\nTo: ada@example.com\r\nReply-To: r@b.test\r\nSubject: Hi\r\nMessage-ID: <1@b>\r\n\r\nWords'
  const id = await receive(source)
  const { body } = await get('/api/v1/messages')
  expect(body.messages).toEqual([
    {
      ID: id,
      MessageID: '1@b',
      Read: false,
      From: { Name: 'Acme', Address: 'a@b.test' },
      To: [{ Name: '', Address: 'ada@example.com' }],
      Cc: [],
      Bcc: [],
      ReplyTo: [{ Name: '', Address: 'r@b.test' }],
      Subject: 'Hi',
      Created: received.toISOString(),
      Username: '',
      Tags: [],
      Size: source.length,
      Attachments: 0,
      Snippet: 'Words',
    },
  ])
})

test('pages start and end as requested, and invalid values count as absent', async () => {
  for (let n = 0; n < 60; n += 1) await receive(`Subject: s${n}\r\n\r\n`)
  const subjects = async (query: string) =>
    (await get(`/api/v1/messages${query}`)).body.messages.map(({ Subject }: { Subject: string }) => Subject)
  expect(await subjects('?start=1&limit=2')).toEqual(['s58', 's57'])
  expect(await subjects('?start=59')).toEqual(['s0'])
  expect(await subjects('?start=999')).toEqual([])
  expect(await subjects('?limit=0')).toHaveLength(60)
  for (const query of ['', '?limit=-1', '?limit=x&start=1e99', '?start=1&start=2', '?limit=1.5'])
    expect(await subjects(query), query).toHaveLength(50)
})

test('a search returns the number of matches and of all messages', async () => {
  await receive('To: ada@example.com\r\n\r\n')
  await receive('To: bob@example.com\r\n\r\n', ['bob@example.com'])
  await get('/api/v1/message/latest')
  const { body } = await get('/api/v1/search?query=to:ada@example.com')
  expect(body).toMatchObject({ total: 2, unread: 1, count: 1, messages_count: 1, messages_unread: 1 })
  expect(await get('/api/v1/search?query=%20')).toEqual({ status: 400, body: { Error: 'no search query' } })
  expect((await get('/api/v1/search')).status).toBe(400)
})

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
  const raw = await app.inject(`/api/v1/message/${id}/raw`)
  expect(raw.body).toBe(source)
  expect(raw.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(store.find(id)?.read).toBe(false)
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

test('messages are deleted by id, twice does no harm', async () => {
  const [a, b, c] = [await receive('\r\n'), await receive('\r\n'), await receive('\r\n')]
  for (let times = 0; times < 2; times += 1) {
    const reply = await app.inject({
      method: 'DELETE',
      url: '/api/v1/messages',
      payload: { IDs: [a, b, 'unknown'] },
    })
    expect([reply.statusCode, reply.body]).toEqual([200, 'ok'])
  }
  expect(store.list().map(({ id }) => id)).toEqual([c])
})

test.each([
  ['no body', {}],
  ['an empty body that calls itself JSON', { headers: { 'content-type': 'application/json' }, payload: '' }],
  ['an empty list', { payload: { IDs: [] } }],
  ['no list', { payload: {} }],
  ['JSON without a content type', { payload: '{"IDs":[]}' }],
])('%s deletes all', async (_what, options) => {
  await receive('\r\n')
  const reply = await app.inject({ method: 'DELETE', url: '/api/v1/messages', ...options })
  expect(reply.statusCode).toBe(200)
  expect(store.list()).toEqual([])
})

test.each([
  ['broken JSON', '{"IDs":'],
  ['a wrong type', '{"IDs":"all"}'],
  ['no object', '[]'],
  ['a body of 2 MB', `{"IDs":["${'x'.repeat(2_000_000)}"]}`],
])('%s deletes nothing', async (_what, payload) => {
  await receive('\r\n')
  const reply = await app.inject({ method: 'DELETE', url: '/api/v1/messages', payload })
  expect([400, 413]).toContain(reply.statusCode)
  expect(reply.json()).toEqual({ Error: expect.any(String) })
  expect(store.list()).toHaveLength(1)
})

test.each(['query=to:ada', 'to=ada', 'page=2', 'limit=1&subject=x'])(
  'a list with the unknown parameter in %j is refused, because it would show all',
  async (parameters) => {
    const { status, body } = await get(`/api/v1/messages?${parameters}`)
    expect(status).toBe(400)
    expect(body.Error).toMatch(/^unknown parameter "(query|to|page|subject)".* Allowed here: start, limit/)
    const deleted = await app.inject({ method: 'DELETE', url: `/api/v1/messages?${parameters}` })
    expect(deleted.statusCode).toBe(400)
  },
)

test('an unknown filter is refused by every way to search, and changes nothing', async () => {
  await receive('Subject: a\r\n\r\n')
  const payload = JSON.stringify({ Search: 'foo:bar', Read: true })
  const replies = await Promise.all([
    app.inject('/api/v1/search?query=foo:bar'),
    app.inject('/api/v1/message/latest?query=foo:bar'),
    app.inject('/view/latest.html?query=foo:bar'),
    app.inject({ method: 'DELETE', url: '/api/v1/search?query=foo:bar' }),
    app.inject({ method: 'DELETE', url: '/api/v1/search?query=a&query=b' }),
    app.inject({ method: 'PUT', url: '/api/v1/messages', payload }),
  ])
  for (const reply of replies) {
    expect(reply.statusCode).toBe(400)
    expect(reply.json()).toEqual({ Error: expect.any(String) })
  }
  expect(store.list().map(({ read }) => read)).toEqual([false])
})

test.each([
  ['broken JSON', '{"IDs":'],
  ['a wrong type', '{"Read":"yes"}'],
  ['IDs and a search at once', '{"IDs":["a"],"Search":"b","Read":true}'],
])('%s marks nothing as read', async (_what, payload) => {
  await receive('\r\n')
  expect((await app.inject({ method: 'PUT', url: '/api/v1/messages', payload })).statusCode).toBe(400)
  expect(store.list()[0]?.read).toBe(false)
})

test.each(['http://evil.test', 'null', 'https://localhost:80', 'http://127.0.0.1:9999'])(
  'a page of the origin %s can change nothing, and read nothing',
  async (origin) => {
    await receive('\r\n')
    const headers = { origin, host: '127.0.0.1:8025' }
    const read = await app.inject({ url: '/api/v1/messages', headers })
    // A browser lets no page read an answer without this header.
    if (origin === 'null') expect(read.headers).not.toHaveProperty('access-control-allow-origin')
    else expect(read.statusCode).toBe(403)
    for (const [method, url] of [
      ['DELETE', '/api/v1/messages'],
      ['POST', '/api/v1/send'],
      ['PUT', '/api/v1/messages'],
    ] as const)
      expect((await app.inject({ method, url, headers, payload: '{"Read":true}' })).statusCode).toBe(403)
    expect(store.list()[0]?.read).toBe(false)
  },
)

test.each(['127.0.0.1', '127.0.0.1:8025', 'localhost:8025', 'LOCALHOST', '[::1]:8025'])(
  'the host %s is answered',
  async (host) => {
    expect((await get('/api/v1/messages', { headers: { host } })).status).toBe(200)
  },
)

test.each(['evil.test', '127.0.0.1.evil.test', 'localhost.evil.test:8025', 'evil.test#localhost', '0.0.0.0'])(
  'the host %j is refused, on every path',
  async (host) => {
    for (const url of ['/', '/api/v1/messages', '/api/v1/message/latest/raw', '/healthz', '/nothing'])
      expect((await get(url, { headers: { host } })).status).toBe(403)
    expect((await get('/api/v1/messages', { method: 'DELETE', headers: { host } })).status).toBe(403)
  },
)

test('health is reported, and an unknown path is an error with a message', async () => {
  expect((await get('/healthz')).status).toBe(200)
  expect((await get('/readyz')).status).toBe(200)
  expect(await get('/nothing')).toEqual({ status: 404, body: { Error: 'not found' } })
})
