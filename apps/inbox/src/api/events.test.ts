import { once } from 'node:events'
import { eventually } from '@emailauth/testing/eventually'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { buildInboxApp } from '../app.ts'
import { readMail } from '../mail/mail.ts'
import { createMessageStore, type MessageStore } from '../store.ts'

let store: MessageStore
let app: FastifyInstance
let url: string
beforeEach(async () => {
  store = createMessageStore()
  app = await buildInboxApp(store)
  url = `${(await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')}/api/events`
})
afterEach(() => app.close())

const mail = (subject: string) =>
  readMail(Buffer.from(`Subject: ${subject}\r\n\r\n`), { from: 'a@b.test', to: ['c@d.test'] })

async function follow() {
  const socket = new WebSocket(url)
  const events: { Type: string; Data: unknown }[] = []
  socket.on('message', (text) => events.push(JSON.parse(String(text))))
  await once(socket, 'open')
  const others = () => events.filter(({ Type }) => Type !== 'stats')
  const counts = () => events.filter(({ Type }) => Type === 'stats').map(({ Data }) => Data)
  return { socket, others, counts }
}

test('every change is reported once, and the counts after it', async () => {
  const { others, counts } = await follow()
  await eventually(() => expect(counts()).toMatchObject([{ Total: 0, Unread: 0 }]))
  const { id } = store.add(await mail('one'))
  store.add(await mail('two'))
  store.setRead([id, 'unknown'], true)
  store.setRead([id], true)
  store.remove([id, id])
  store.clear()
  await eventually(() =>
    expect(others()).toMatchObject([
      { Type: 'new', Data: { ID: id, Subject: 'one', Read: false } },
      { Type: 'new', Data: { Subject: 'two' } },
      { Type: 'update', Data: { ID: id, Read: true } },
      { Type: 'delete', Data: { ID: id } },
      { Type: 'truncate', Data: null },
    ]),
  )
  store.add(await mail('three'))
  await eventually(() => expect(counts().at(-1)).toMatchObject({ Total: 1, Unread: 1 }))
  // Seven changes, but counts only when a quarter of a second was over.
  expect(counts().length).toBeLessThan(7)
})

test('a mail that pushes another out reports both', async () => {
  const small = createMessageStore({ maxMessages: 1, maxBytes: 1000 })
  const types: string[] = []
  const stop = small.watch(({ type }) => types.push(type))
  small.add(await mail('one'))
  small.add(await mail('two'))
  stop()
  small.clear()
  expect(types).toEqual(['added', 'added', 'removed'])
})

test.each([
  ['a page of another site', '', { origin: 'http://evil.test' }, 403],
  ['a page without an origin', '', { origin: 'null' }, 403],
  ['another host name', '', { headers: { host: 'evil.test' } }, 403],
  ['an unknown path', '/x', {}, 404],
])('%s cannot listen', async (_what, path, options, status) => {
  const socket = new WebSocket(url + path, options)
  const [error] = await once(socket, 'error')
  expect(String(error)).toContain(`Unexpected server response: ${status}`)
})

test('the end of the inbox is told to its listeners, and does not wait for them', async () => {
  const { socket } = await follow()
  const closed = once(socket, 'close')
  await app.close()
  expect((await closed)[0]).toBe(1001)
})

test('a listener that sends much is let go', async () => {
  const { socket } = await follow()
  const closed = once(socket, 'close')
  socket.send('x'.repeat(10_000))
  expect((await closed)[0]).toBe(1009)
})
