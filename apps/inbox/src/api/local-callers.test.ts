import { expect, test } from 'vitest'
import { testInbox } from './test-inbox.ts'

const inbox = testInbox()
const { receive, get } = inbox

test.each(['http://evil.test', 'null', 'https://localhost:80', 'http://127.0.0.1:9999'])(
  'a page of the origin %s can change nothing, and read nothing',
  async (origin) => {
    await receive('\r\n')
    const headers = { origin, host: '127.0.0.1:8025' }
    const read = await inbox.app.inject({ url: '/api/v1/messages', headers })
    // A browser lets no page read an answer without this header.
    if (origin === 'null') expect(read.headers).not.toHaveProperty('access-control-allow-origin')
    else expect(read.statusCode).toBe(403)
    for (const [method, url] of [
      ['DELETE', '/api/v1/messages'],
      ['POST', '/api/v1/send'],
      ['PUT', '/api/v1/messages'],
    ] as const)
      expect((await inbox.app.inject({ method, url, headers, payload: '{"Read":true}' })).statusCode).toBe(
        403,
      )
    expect(inbox.store.list()[0]?.read).toBe(false)
  },
)

test.each(['127.0.0.1', '127.0.0.1:8025', 'localhost:8025', 'LOCALHOST', '[::1]:65535'])(
  'the host %s is answered',
  async (host) => {
    expect((await get('/api/v1/messages', { headers: { host } })).status).toBe(200)
  },
)

test.each([
  'evil.test',
  '127.0.0.1.evil.test',
  'localhost.evil.test:8025',
  'evil.test#localhost',
  '0.0.0.0',
  '[::1]:123456',
])('the host %j is refused, on every path', async (host) => {
  for (const url of ['/', '/api/v1/messages', '/api/v1/message/latest/raw', '/healthz', '/nothing'])
    expect((await get(url, { headers: { host } })).status).toBe(403)
  expect((await get('/api/v1/messages', { method: 'DELETE', headers: { host } })).status).toBe(403)
})
