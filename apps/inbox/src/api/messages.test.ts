import { expect, test } from 'vitest'
import { testInbox } from './test-inbox.ts'

const received = new Date('2026-01-02T03:04:05.000Z')
const inbox = testInbox(() => received)
const { receive, get } = inbox

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

test.each(['query=to:ada', 'to=ada', 'page=2', 'limit=1&subject=x'])(
  'a list with the unknown parameter in %j is refused, because it would show all',
  async (parameters) => {
    const { status, body } = await get(`/api/v1/messages?${parameters}`)
    expect(status).toBe(400)
    expect(body.Error).toMatch(/^unknown parameter "(query|to|page|subject)".* Allowed here: start, limit/)
    const deleted = await inbox.app.inject({ method: 'DELETE', url: `/api/v1/messages?${parameters}` })
    expect(deleted.statusCode).toBe(400)
  },
)

test('an unknown filter is refused by every way to search, and changes nothing', async () => {
  await receive('Subject: a\r\n\r\n')
  const payload = JSON.stringify({ Search: 'foo:bar', Read: true })
  const replies = await Promise.all([
    inbox.app.inject('/api/v1/search?query=foo:bar'),
    inbox.app.inject('/api/v1/message/latest?query=foo:bar'),
    inbox.app.inject('/view/latest.html?query=foo:bar'),
    inbox.app.inject({ method: 'DELETE', url: '/api/v1/search?query=foo:bar' }),
    inbox.app.inject({ method: 'DELETE', url: '/api/v1/search?query=a&query=b' }),
    inbox.app.inject({ method: 'PUT', url: '/api/v1/messages', payload }),
  ])
  for (const reply of replies) {
    expect(reply.statusCode).toBe(400)
    expect(reply.json()).toEqual({ Error: expect.any(String) })
  }
  expect(inbox.store.list().map(({ read }) => read)).toEqual([false])
})

test('health is reported, and an unknown path is an error with a message', async () => {
  expect((await get('/healthz')).status).toBe(200)
  expect((await get('/readyz')).status).toBe(200)
  expect(await get('/nothing')).toEqual({ status: 404, body: { Error: 'not found' } })
})
