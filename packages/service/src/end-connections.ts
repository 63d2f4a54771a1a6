import type { FastifyInstance } from 'fastify'
import { isDraining } from './draining.ts'

/**
 * Replies end their connections while the server drains or closes. A client that kept one alive would hold the shutdown up, or send its
 * next request into a listener that is gone.
 */
export function endConnectionsWhenClosing(app: FastifyInstance): void {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing || isDraining(app)) reply.header('connection', 'close')
    done(null, payload)
  })
}
