import type { FastifyInstance } from 'fastify'

/**
 * Ends the connection of a request that asked for an upgrade and got an ordinary answer. Node hands such a socket over with the request
 * and forgets it: no time-out of the server counts for it any more, and @fastify/websocket ends those of its own routes alone.
 */
export function endRefusedUpgrades(app: FastifyInstance): void {
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    if (raw.headers.upgrade !== undefined) raw.socket.destroySoon()
    done()
  })
}
