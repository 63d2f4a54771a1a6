import { isUtf8 } from 'node:buffer'
import { BODY_PARTS } from '@emailauth/contracts/body-limits'
import { hasManyParts } from '@emailauth/service/http/json-parts'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Who may send a body of any number of parts: an admin. */
type MaySendMany = (request: FastifyRequest) => boolean | Promise<boolean>

/**
 * Reads JSON bodies as Fastify does, with two exceptions. Bytes that are no UTF-8 are refused: Fastify
 * replaces them, so a token that came in another encoding would be kept and handed back as another text. A
 * body of thousands of parts is refused before it is parsed, which would take milliseconds of everybody's
 * time.
 */
export function readJsonBodies(app: FastifyInstance, maySendMany: MaySendMany): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // Bytes, because `parseAs` says so.
    const bytes = body as Buffer
    const read = () => void parse(request, bytes.toString(), done)
    if (!isUtf8(bytes))
      return done(new ProblemError('bad-input', 'The body is not UTF-8, as JSON has to be.'))
    if (!hasManyParts(bytes)) return read()
    Promise.resolve(maySendMany(request)).then((may) => (may ? read() : done(tooManyParts())), done)
  })
}

const tooManyParts = () =>
  new ProblemError(
    'bad-input',
    `The body has more than ${BODY_PARTS} keys and items; only an admin may send more.`,
  )
