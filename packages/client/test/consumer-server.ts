import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

/**
 * What the consumers call: it redirects every request, except those of the key `ea_cli`, and sends two events
 * over WebSocket, each on a connection of its own.
 */
export async function startConsumerServer() {
  const server = createServer((request, response) => {
    if (request.headers.authorization !== 'Bearer ea_cli')
      return response.writeHead(302, { location: '/elsewhere' }).end()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data: { viewer: { scope: 'TENANT' } } }))
  })
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' })
  sockets.on('connection', (socket) => {
    socket.on('message', (text) => {
      const { type, id, payload } = JSON.parse(String(text))
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}')
      if (type !== 'subscribe') return
      const cursor = String(Number(payload.variables.after) + 1)
      socket.send(JSON.stringify({ type: 'next', id, payload: { data: { events: { cursor } } } }))
      socket.close(1001)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets.clients) socket.terminate()
      server.close()
    },
  }
}
