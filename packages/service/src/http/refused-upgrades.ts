import type { FastifyInstance } from 'fastify'

/**
 * Closes the connection of a request that asked for an upgrade and got an ordinary reply. Node hands that
 * socket over with the request, so no server time-out applies to it. @fastify/websocket closes only those of
 * its own routes.
 */
export function endRefusedUpgrades(app: FastifyInstance): void {
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    if (raw.headers.upgrade !== undefined) raw.socket.destroySoon()
    done()
  })
}
