import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { endConnectionsWhenClosing } from './end-connections.ts'

const CALLERS = 20

test('a server that closes still accepts and answers the connections that wait in the kernel', async () => {
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
