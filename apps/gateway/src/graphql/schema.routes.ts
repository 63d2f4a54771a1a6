import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { acceptedEncoding, type Encoding, encode } from '../http/compress-reply.ts'
import { varyBy } from '../http/vary.ts'

/**
 * `GET /schema.graphql`: the schema as text, for code generators and people. It is the public contract, so it
 * is there in production too, where introspection is off because of what it costs. Strangers may ask for it
 * all the time, so each of its forms is made once.
 */
export function schemaRoutes(app: FastifyInstance, schema: GraphQLSchema, compress = encode): void {
  let text: string | undefined
  let etag = ''
  const compressed = new Map<Encoding, Promise<Buffer>>()
  app.get('/schema.graphql', async (request, reply) => {
    text ??= `${printSchema(lexicographicSortSchema(schema))}\n`
    etag ||= `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
    reply.header('etag', etag).header('cache-control', 'no-cache')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    varyBy(reply, 'accept-encoding').type('application/graphql; charset=utf-8')
    const encoding = acceptedEncoding(request.raw)
    if (encoding === undefined) return reply.send(text)
    const body = await compressedTo(encoding, text)
    return reply.header('content-encoding', encoding).send(body)
  })

  function compressedTo(encoding: Encoding, text: string): Promise<Buffer> {
    const known = compressed.get(encoding)
    if (known !== undefined) return known
    const body = compress(encoding, text)
    compressed.set(encoding, body)
    // A failure is not kept, so that the next request tries again.
    body.catch(() => compressed.delete(encoding))
    return body
  }
}
