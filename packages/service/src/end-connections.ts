import type { FastifyInstance } from 'fastify'
import { isDraining } from './draining.ts'

/**
 * Replies close their connections while the server drains or closes. A kept-alive connection would delay the
 * shutdown, or its next request would meet a closed listener.
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
