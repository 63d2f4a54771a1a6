import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { buildInboxApp } from './app.ts'
import { readMail } from './mail/mail.ts'
import { createSmtpReceiver } from './smtp.ts'
import { createMessageStore, type MessageStore } from './store.ts'

let store: MessageStore
let app: FastifyInstance

beforeEach(async () => {
  store = createMessageStore()
  app = await buildInboxApp(store)
})
afterEach(() => app.close())

const mail = (source: string) =>
  readMail(Buffer.from(source), { from: 'a@example.com', to: ['b@example.com'] })

function fakeTimeouts(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

test('500 connections are taken at once', () => {
  expect(app.server.maxConnections).toBe(500)
})

test('a list shows the first 200 characters of a mail', async () => {
  expect((await mail(`\r\n${'x'.repeat(200)}`)).snippet).toBe('x'.repeat(200))
  expect((await mail(`\r\n${'x'.repeat(201)}`)).snippet).toBe(`${'x'.repeat(200)}...`)
})

test('100 addresses of a header are shown', async () => {
  const to = Array.from({ length: 101 }, (_, n) => `user${n}@example.com`)
  expect((await mail(`To: ${to.join(', ')}\r\n\r\n`)).to).toHaveLength(100)
})

/** A listener to changes; `ours` is its socket in the inbox. */
async function follow() {
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const theirs = new WebSocket(`${address.replace('http', 'ws')}/api/events`)
  await once(theirs, 'message')
  const [ours] = app.websocketServer.clients as Set<WebSocket>
  const types: string[] = []
  theirs.on('message', (text) => types.push(JSON.parse(String(text)).Type))
  return { theirs, ours: ours!, types }
}

test('the counts follow a change after 250 ms', async () => {
  const { ours } = await follow()
  fakeTimeouts()
  const sent = vi.spyOn(ours, 'send')
  store.add(await mail('\r\n'))
  vi.advanceTimersByTime(249)
  expect(sent).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1)
  expect(sent).toHaveBeenCalledTimes(2)
  expect(JSON.parse(String(sent.mock.lastCall![0]))).toMatchObject({ Type: 'stats', Data: { Total: 1 } })
})

test('a listener that leaves more than 1 MiB unread is let go', async () => {
  const { theirs, ours, types } = await follow()
  let unread = 1_048_576
  Object.defineProperty(ours, 'bufferedAmount', { get: () => unread })
  const arrived = once(theirs, 'message')
  store.add(await mail('\r\n'))
  await arrived
  expect(types).toContain('new')
  unread += 1
  const closed = once(theirs, 'close')
  store.clear()
  await closed
  expect(types).not.toContain('truncate')
})

test('over SMTP a mail has 1 MiB, a silent connection five minutes', async () => {
  const receiver = createSmtpReceiver(store)
  const silence = vi.spyOn(Socket.prototype, 'setTimeout')
  onTestFinished(() => silence.mockRestore())
  const client = connect(await receiver.listen(0), '127.0.0.1')
  await once(client, 'data')
  client.write('EHLO x\r\n')
  expect(String((await once(client, 'data'))[0])).toMatch(/^250[- ]SIZE 1048576\r$/m)
  expect(silence.mock.calls.map(([ms]) => ms)).toContain(300_000)
  client.destroy()
  await receiver.close()
})

test('100 SMTP connections are served at once, and one more is told to come later', async () => {
  const receiver = createSmtpReceiver(store)
  const port = await receiver.listen(0)
  const clients: Socket[] = []
  onTestFinished(async () => {
    for (const client of clients) client.destroy()
    await receiver.close()
  })
  const greeting = async () => {
    const client = connect(port, '127.0.0.1')
    clients.push(client)
    return String((await once(client, 'data'))[0]).slice(0, 3)
  }
  expect(await Promise.all(Array.from({ length: 100 }, greeting))).toEqual(Array(100).fill('220'))
  expect(await greeting()).toBe('421')
})

test('over HTTP a mail has 1 MiB, in 2 MiB of JSON', async () => {
  const answer = async (bytes: number) => {
    const body = JSON.stringify({ From: { Email: 'a@example.com' }, Text: '' })
    const payload = body.padEnd(bytes, ' ')
    const headers = { host: '127.0.0.1', 'content-type': 'application/json' }
    return (await app.inject({ method: 'POST', url: '/api/v1/send', headers, payload })).statusCode
  }
  expect([await answer(2_097_152), await answer(2_097_153)]).toEqual([200, 413])
})

test('an SMTP connection has half a second to finish its mail when the inbox closes', async () => {
  const receiver = createSmtpReceiver(store)
  const client = connect(await receiver.listen(0), '127.0.0.1')
  await once(client, 'data')
  fakeTimeouts()
  const closed = receiver.close()
  const said = vi.spyOn(Socket.prototype, 'write')
  onTestFinished(() => said.mockRestore())
  vi.advanceTimersByTime(499)
  expect(said).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(said.mock.calls[0]?.[0]).toMatch(/^421 /)
  await closed
  client.destroy()
})
