import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import Negotiator from 'negotiator'
import { firstRanges } from './first-ranges.ts'

/** Media types of GraphQL over HTTP. The first one is the default. */
const MEDIA_TYPES = ['application/json', 'application/graphql-response+json']
const HTML = 'text/html'

/** The media type to answer in, or undefined when the caller accepts none that we have. */
export function responseType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '*/*') return MEDIA_TYPES[0]
  if (MEDIA_TYPES.includes(accept)) return accept
  return preferred(accept, MEDIA_TYPES)
}

/** True for a browser's address bar, which would rather have a page than JSON. */
export function prefersHtml(accept: string | undefined): boolean {
  return accept?.includes(HTML) === true && preferred(accept, [...MEDIA_TYPES, HTML]) === HTML
}

/**
 * Parameters other than `q`, such as `charset=utf-8`, are left out: Negotiator would look for a type that has
 * them too, and every answer is UTF-8 anyway.
 */
function preferred(accept: string, types: readonly string[]): string | undefined {
  const ranges = firstRanges(accept).map((range) => {
    const [type, ...parameters] = range.split(';')
    return [type, ...parameters.filter((parameter) => /^\s*q\s*=/i.test(parameter))].join(';')
  })
  return new Negotiator({ headers: { accept: ranges.join(',') } }).mediaType([...types])
}

/** Answers with one GraphQL error in the media type that the caller likes best. */
export function sendError(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { status, code, message }: { readonly status: number; readonly code: string; readonly message: string },
): FastifyReply {
  const type = responseType(headers.accept) ?? 'application/json'
  return reply
    .code(status)
    .type(`${type}; charset=utf-8`)
    .send(JSON.stringify({ errors: [{ message, extensions: { code } }] }))
}

/** Refuses, before anything is run, a request whose answer its caller could not take. */
export function requireAcceptable(
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  const { accept } = request.headers
  const type = responseType(accept)
  if (type === undefined) {
    const message = `The answer can be ${MEDIA_TYPES.join(' or ')}; the Accept header allows neither.`
    sendError(request, reply, { status: 406, code: 'BAD_USER_INPUT', message })
  } else {
    // Apollo chooses again and ignores parameters, so it is given one type.
    if (accept !== undefined && accept !== '*/*') request.headers.accept = type
    done()
  }
}
