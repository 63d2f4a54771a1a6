import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { isClosing, isDraining, startClosing } from './draining.ts'
import { emptyBacklog } from './listen-backlog.ts'

/**
 * Connections that are still open so long after the app begins to close are ended. A client that does not
 * send the rest of its request, take its reply or answer the end of its WebSocket would hold up a shutdown.
 */
export const CLIENTS_MS = 8000

/**
 * Replies close their connections while the server drains or closes. A kept-alive connection would delay the
 * shutdown, or its next request would meet a closed listener. Clients that are already connected still get a
 * reply.
 */
export function endConnectionsWhenClosing(app: FastifyInstance): void {
  const open = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  let timer: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    startClosing(app)
    timer = setTimeout(() => {
      app.log.warn({ connections: open.size }, 'connections are ended, because the service closes')
      for (const socket of open) socket.destroy()
    }, CLIENTS_MS).unref()
    await emptyBacklog(app.server)
  })
  app.addHook('onClose', async () => clearTimeout(timer))
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing(app) || isDraining(app)) reply.header('connection', 'close')
    done(null, payload)
  })
}
