import type { FastifyInstance, FastifyRequest } from 'fastify'

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i

/**
 * Keeps web pages of other sites out. One of them can point its own name to 127.0.0.1; the Host header still
 * shows that name. And it can send a form or open a WebSocket to this address; then the Origin header is its
 * own. Programs send no Origin.
 */
export function requireLocalCallers(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!LOOPBACK.test(request.headers.host ?? ''))
      return reply.code(403).send({ Error: 'this inbox answers only to 127.0.0.1 and localhost' })
    if (!isOwnOrigin(request))
      return reply.code(403).send({ Error: 'this inbox answers no pages of other sites' })
  })
}

/** The frame with a mail has the origin `null`. It may load pictures, which no page can read out. */
function isOwnOrigin({ method, headers: { host, origin, upgrade } }: FastifyRequest): boolean {
  if (origin === undefined) return true
  if (origin === 'null') return method === 'GET' && upgrade === undefined
  return origin.toLowerCase() === `http://${host}`.toLowerCase()
}
