import { once } from 'node:events'
import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { knownNames } from '@emailauth/service/config/known-names'
import type { TlsMaterial } from '@emailauth/service/network/tls'
import { eventually } from '@emailauth/testing/eventually'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createConnections } from './connections.ts'

/** A server that answers when it is told to, and counts the connections that it was given. */
async function startServer() {
  const waiting: ServerResponse[] = []
  let connections = 0
  const server = createHttpServer({ keepAliveTimeout: 600_000 }, (_request, response) => {
    waiting.push(response)
  })
  server.on('connection', () => {
    connections += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const to = createConnections({ url: `http://127.0.0.1:${port}` })
  onTestFinished(async () => {
    await to.close()
    server.close()
  })
  return {
    to,
    port,
    connections: () => connections,
    async answer(how: number) {
      await eventually(() => expect(waiting.length).toBeGreaterThanOrEqual(how))
      for (const response of waiting.splice(0, how)) response.end('{}')
    },
  }
}

const GET = { method: 'GET', path: '/' } as const
const read = async (reply: ReturnType<ReturnType<typeof createConnections>['request']>) => {
  await (await reply).body.dump()
}

test('64 pooled connections are opened to one process, and what comes beyond waits for one of them', async () => {
  const { to, connections, answer } = await startServer()
  const replies = Promise.all(Array.from({ length: 80 }, () => read(to.request(GET))))
  await answer(64)
  await answer(16)
  await replies
  expect(connections()).toBe(64)
})

test('a process is found while name servers fail, once its name was known', async () => {
  const { port, answer } = await startServer()
  const spy = vi.spyOn(knownNames, 'lookup').mockImplementation((_name, { all }, done) => {
    if (all === true) done(null, [{ address: '127.0.0.1', family: 4 }])
    else done(null, '127.0.0.1', 4)
  })
  onTestFinished(() => spy.mockRestore())
  const to = createConnections({ url: `http://persistence.internal:${port}` })
  onTestFinished(() => to.close())
  const replies = Promise.all([read(to.request(GET)), read(to.requestOnNewConnection(GET))])
  await answer(2)
  await replies
  expect(spy.mock.calls.map(([name]) => name)).toEqual(['persistence.internal', 'persistence.internal'])
})

test('a process that does not complete a connection within a second cannot be reached', async () => {
  const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  const { port } = silent.address() as AddressInfo
  const to = createConnections({ url: `https://127.0.0.1:${port}` })
  onTestFinished(() => to.close())
  await expect(to.request(GET)).rejects.toThrow('timeout: 1000ms')
})

/** Certificates that change when the test says so. */
function changingTls() {
  const listeners = new Set<(material: TlsMaterial) => void>()
  const material: TlsMaterial = { cert: '', key: '' }
  const tls = {
    current: material,
    onChange(listener: (changed: TlsMaterial) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {},
  }
  return { tls, listeners, material }
}

test('certificates that change after the cut open nothing, and no rejection is left behind', async () => {
  const { port, connections } = await startServer()
  const { tls, listeners, material } = changingTls()
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  onTestFinished(() => void process.off('unhandledRejection', unhandled))
  const cut = new AbortController()
  const to = createConnections({ url: `http://127.0.0.1:${port}`, tls, cutOff: cut.signal })
  cut.abort(new Error('cut'))
  for (const listener of listeners) listener(material)
  // Node reports a rejection that nobody takes at the end of the turn.
  await nextTurn()
  expect(unhandled).not.toHaveBeenCalled()
  await expect(to.request(GET)).rejects.toThrow()
  expect(connections()).toBe(0)
  await to.close().catch(() => {})
})

test('connections that were closed take no new certificates', async () => {
  const { tls, listeners, material } = changingTls()
  const [closed, open] = [1, 2].map((port) => createConnections({ url: `http://127.0.0.1:${port}`, tls }))
  await closed?.close()
  expect(listeners.size).toBe(1)
  // A rejection that nobody takes would end the process.
  for (const listener of listeners) listener(material)
  await open?.close()
  expect(listeners.size).toBe(0)
})
