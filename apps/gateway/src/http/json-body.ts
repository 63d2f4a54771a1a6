import { isUtf8 } from 'node:buffer'
import { ProblemError } from '@emailauth/service/problem-error'
import type { FastifyInstance } from 'fastify'

/**
 * Reads JSON bodies as Fastify does, and refuses bytes that are no UTF-8. Fastify replaces them, so a token
 * that came in another encoding would be kept and handed back as another text.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // Bytes, because `parseAs` says so.
    const bytes = body as Buffer
    if (isUtf8(bytes)) return void parse(request, bytes.toString(), done)
    done(new ProblemError('bad-input', 'The body is not UTF-8, as JSON has to be.'))
  })
}
