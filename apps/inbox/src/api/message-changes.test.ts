import { expect, test } from 'vitest'
import { testInbox } from './test-inbox.ts'

const inbox = testInbox()
const { receive } = inbox

test('messages are deleted by id, twice does no harm', async () => {
  const [a, b, c] = [await receive('\r\n'), await receive('\r\n'), await receive('\r\n')]
  for (let times = 0; times < 2; times += 1) {
    const reply = await inbox.app.inject({
      method: 'DELETE',
      url: '/api/v1/messages',
      payload: { IDs: [a, b, 'unknown'] },
    })
    expect([reply.statusCode, reply.body]).toEqual([200, 'ok'])
  }
  expect(inbox.store.list().map(({ id }) => id)).toEqual([c])
})

test.each([
  ['no body', {}],
  ['an empty body that calls itself JSON', { headers: { 'content-type': 'application/json' }, payload: '' }],
  ['an empty list', { payload: { IDs: [] } }],
  ['no list', { payload: {} }],
  ['JSON without a content type', { payload: '{"IDs":[]}' }],
])('%s deletes all', async (_what, options) => {
  await receive('\r\n')
  const reply = await inbox.app.inject({ method: 'DELETE', url: '/api/v1/messages', ...options })
  expect(reply.statusCode).toBe(200)
  expect(inbox.store.list()).toEqual([])
})

test.each([
  ['broken JSON', '{"IDs":'],
  ['a wrong type', '{"IDs":"all"}'],
  ['no object', '[]'],
  ['a body of 2 MB', `{"IDs":["${'x'.repeat(2_000_000)}"]}`],
])('%s deletes nothing', async (_what, payload) => {
  await receive('\r\n')
  const reply = await inbox.app.inject({ method: 'DELETE', url: '/api/v1/messages', payload })
  expect([400, 413]).toContain(reply.statusCode)
  expect(reply.json()).toEqual({ Error: expect.any(String) })
  expect(inbox.store.list()).toHaveLength(1)
})

test.each([
  ['broken JSON', '{"IDs":'],
  ['a wrong type', '{"Read":"yes"}'],
  ['IDs and a search at once', '{"IDs":["a"],"Search":"b","Read":true}'],
])('%s marks nothing as read', async (_what, payload) => {
  await receive('\r\n')
  expect((await inbox.app.inject({ method: 'PUT', url: '/api/v1/messages', payload })).statusCode).toBe(400)
  expect(inbox.store.list()[0]?.read).toBe(false)
})
