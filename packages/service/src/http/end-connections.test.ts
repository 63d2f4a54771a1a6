import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Fastify from 'fastify'
import { expect, onTestFinished, test, vi } from 'vitest'
import { endConnectionsWhenClosing } from './end-connections.ts'

test('a client that does not send the rest of its request holds up a server that closes for 8 s', async () => {
  const app = Fastify()
  endConnectionsWhenClosing(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const arrived = once(app.server, 'connection') as Promise<[Socket]>
  const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  client.write('POST / HTTP/1.1\r\n')
  const [socket] = await arrived
  while (socket.bytesRead === 0) await nextTurn()

  // Time passes by the clock of the test. The connection is real.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const closed = app.close()
  const stopped = once(app.server, 'close')
  // The server listens no more once the timer runs.
  while (app.server.listening) await nextTurn()
  vi.advanceTimersByTime(7999)
  expect(socket.destroyed).toBe(false)
  vi.advanceTimersByTime(1)
  expect(socket.destroyed).toBe(true)
  await Promise.all([closed, stopped])
})
