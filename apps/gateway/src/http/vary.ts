import type { FastifyReply } from 'fastify'

/**
 * Says that a reply depends on this request header, beside those that are named already. CORS names `Origin`;
 * a cache that did not see it would give one origin the answer of another.
 */
export function varyBy(reply: FastifyReply, name: string): FastifyReply {
  const before = reply.getHeader('vary')
  return reply.header('vary', before === undefined ? name : `${before}, ${name}`)
}
