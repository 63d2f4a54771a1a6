import type { FastifyInstance } from 'fastify'
import { isClosing, isDraining, startClosing } from './draining.ts'
import { emptyBacklog } from './listen-backlog.ts'

/**
 * Replies close their connections while the server drains or closes. A kept-alive connection would delay the
 * shutdown, or its next request would meet a closed listener. Clients that are already connected still get a
 * reply.
 */
export function endConnectionsWhenClosing(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    startClosing(app)
    await emptyBacklog(app.server)
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing(app) || isDraining(app)) reply.header('connection', 'close')
    done(null, payload)
  })
}
