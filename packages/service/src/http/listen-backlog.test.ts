import { EventEmitter, once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Fastify from 'fastify'
import { expect, onTestFinished, test, vi } from 'vitest'
import { endConnectionsWhenClosing } from './end-connections.ts'
import { emptyBacklog } from './listen-backlog.ts'

const CALLERS = 20

test('a server that closes still accepts and answers the connections that wait in the kernel', async () => {
  // The second after which it stops does not pass, however long a busy machine takes for the turns.
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const app = Fastify({ forceCloseConnections: 'idle', return503OnClosing: false })
  endConnectionsWhenClosing(app)
  app.post('/', async () => 'done')
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const replies = Array.from({ length: CALLERS }, async () => {
    const call = request({ host: '127.0.0.1', port, method: 'POST', agent: false }).end()
    const [reply] = (await once(call, 'response')) as [IncomingMessage]
    reply.resume()
    return [reply.statusCode, reply.headers.connection]
  })
  // By now each has called connect(2), which the kernel completes, and nothing was accepted.
  await new Promise<void>((resolve) => process.nextTick(resolve))
  await app.close()
  expect(await Promise.all(replies)).toEqual(Array(CALLERS).fill([200, 'close']))
})

test('a server that new connections keep coming to closes after a second', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const server = new EventEmitter()
  const emptied = emptyBacklog(server as Server)
  let isEmpty = false
  void emptied.then(() => {
    isEmpty = true
  })
  let turns = 0
  for (; !isEmpty && turns < 1000; turns++) {
    server.emit('connection')
    vi.advanceTimersByTime(10)
    await nextTurn()
  }
  expect(turns).toBeGreaterThan(90)
  expect(turns).toBeLessThan(110)
})
