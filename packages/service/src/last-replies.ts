import type { FastifyInstance } from 'fastify'

/**
 * What is answered while the server closes ends its connection. A client that would keep it alive would otherwise hold the
 * shutdown up until its keep-alive time is over.
 */
export function endConnectionsWhenClosing(app: FastifyInstance): void {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    done(null, payload)
  })
}
