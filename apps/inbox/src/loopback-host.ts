import type { FastifyInstance } from 'fastify'

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i

/**
 * Accepts only loopback host names. A web page elsewhere can point its own name to 127.0.0.1 and would read
 * this inbox as its own origin. The Host header still shows that name.
 */
export function requireLoopbackHost(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (LOOPBACK.test(request.headers.host ?? '')) return
    return reply.code(403).send({ Error: 'this inbox answers only to 127.0.0.1 and localhost' })
  })
}
