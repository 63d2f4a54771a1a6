import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { compressReply } from '../http/compress-reply.ts'

/**
 * `GET /schema.graphql`: the schema as text, for code generators and people. It is the public contract, so it
 * is there in production too, where introspection is off because of what it costs.
 */
export function schemaRoutes(app: FastifyInstance, schema: GraphQLSchema): void {
  let text: string | undefined
  let etag = ''
  app.get('/schema.graphql', { onSend: compressReply }, async (request, reply) => {
    text ??= `${printSchema(lexicographicSortSchema(schema))}\n`
    etag ||= `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
    reply.header('etag', etag).header('cache-control', 'no-cache')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('application/graphql; charset=utf-8').send(text)
  })
}
