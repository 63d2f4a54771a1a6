import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { afterEach, expect, test } from 'vitest'
import { parseSmtpUrl, type SmtpServer } from '../smtp/smtp-url.ts'
import { createRelayTries, TRIES_AT_ONCE, TRY_MS } from './relay-tries.ts'

const servers: Server[] = []
const open = new Set<Socket>()
let connections = 0
afterEach(async () => {
  for (const socket of open) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))))
  connections = 0
})

/** A relay that does with a connection what is said here. */
async function relay(greet: (socket: Socket) => void): Promise<SmtpServer> {
  const server = createServer((socket) => {
    connections++
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
    socket.resume()
    greet(socket)
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return parseSmtpUrl(`smtp://127.0.0.1:${port}`)
}
const refuse = (words: string) => (socket: Socket) => socket.end(`554 ${words}\r\n`)
const saySilently = () => {}

test('fifty who ask about one relay at the same time are one connection, and the next one is a new one', async () => {
  const tryRelay = createRelayTries()
  const server = await relay(refuse('no'))
  const found = await Promise.all(Array.from({ length: 50 }, () => tryRelay({ ...server })))
  expect(new Set(found.map(({ detail }) => detail)).size).toBe(1)
  expect(connections).toBe(1)
  await tryRelay(server)
  expect(connections).toBe(2)
})

test('one more relay than may be tried at once is refused, and is tried when there is room again', async () => {
  const tryRelay = createRelayTries()
  const silent = await Promise.all(Array.from({ length: TRIES_AT_ONCE }, () => relay(saySilently)))
  const tries = silent.map(tryRelay)
  const another = await relay(refuse('no'))
  await expect(tryRelay(another)).rejects.toMatchObject({
    problem: { code: 'unavailable', retryAfterSeconds: 3 },
  })
  await eventually(() => expect(connections).toBe(TRIES_AT_ONCE))
  for (const socket of open) socket.destroy()
  await Promise.all(tries)
  expect(await tryRelay(another)).toMatchObject({ level: 'fail' })
})

test('a relay that never greets is left when its time is over, also by the connection', async () => {
  const tryRelay = createRelayTries({ withinMs: 50 })
  const server = await relay(saySilently)
  expect(await tryRelay(server)).toMatchObject({ level: 'fail', host: '127.0.0.1', port: server.port })
  await eventually(() => expect(open.size).toBe(0))
})

test('what a relay says is one line of a bounded length, without signs that steer a terminal', async () => {
  const tryRelay = createRelayTries()
  const server = await relay(refuse(`\u001b[2J\u202e${'x'.repeat(10_000)}`))
  const { detail } = await tryRelay(server)
  expect(detail).toContain('xxx')
  expect(detail).not.toMatch(/\p{C}/u)
  expect(detail.length).toBeLessThan(1100)
})

test('the bounds', () => {
  expect({ TRY_MS, TRIES_AT_ONCE }).toEqual({ TRY_MS: 8000, TRIES_AT_ONCE: 10 })
})
