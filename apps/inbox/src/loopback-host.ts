import type { FastifyInstance } from 'fastify'

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i

/**
 * Answers only to loopback's own names. A web page elsewhere can make its own name lead to 127.0.0.1 and would then read this
 * inbox as its own origin; the Host header still tells the name that it used.
 */
export function requireLoopbackHost(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (LOOPBACK.test(request.headers.host ?? '')) return
    return reply.code(403).send({ Error: 'this inbox answers only to 127.0.0.1 and localhost' })
  })
}
