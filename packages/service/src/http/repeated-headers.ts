import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem-error.ts'

/**
 * Headers that decide access or content. Node keeps the first of several and a proxy may have checked the
 * last, so a request that repeats one is refused.
 */
const ONCE = new Set(['host', 'authorization', 'content-type', 'content-length', 'origin', 'x-request-id'])

/** Refuses requests that repeat such a header with 400, WebSockets too. Add it before other hooks. */
export function refuseRepeatedHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    const name = hasRepeatedHeaders(raw) ? repeated(raw.rawHeaders) : undefined
    if (name === undefined) done()
    else done(new ProblemError('bad-input', `The header ${name} may come once.`))
  })
}

/**
 * Whether any header comes twice. Node joins what is repeated under one name, so most requests need no look
 * at each name.
 */
export function hasRepeatedHeaders({ rawHeaders, headers }: IncomingMessage): boolean {
  let names = 0
  for (const _ in headers) names += 1
  return 2 * names !== rawHeaders.length
}

/** Names and values follow one another. */
function repeated(rawHeaders: readonly string[]): string | undefined {
  let seen = ''
  for (let at = 0; at < rawHeaders.length; at += 2) {
    // The index is below the length.
    const name = (rawHeaders[at] as string).toLowerCase()
    if (!ONCE.has(name)) continue
    if (seen.includes(`${name}\n`)) return name
    seen += `${name}\n`
  }
  return undefined
}
