import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import Negotiator from 'negotiator'

/** What GraphQL over HTTP is answered in. The first one is for whoever does not say. */
const MEDIA_TYPES = ['application/json', 'application/graphql-response+json']

/** The media type to answer in, or undefined when the caller accepts none that we have. */
export function responseType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '*/*') return MEDIA_TYPES[0]
  return new Negotiator({ headers: { accept } }).mediaType(MEDIA_TYPES)
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
  if (responseType(request.headers.accept) === undefined) {
    const message = `The answer can be ${MEDIA_TYPES.join(' or ')}; the Accept header allows neither.`
    sendError(request, reply, { status: 406, code: 'BAD_USER_INPUT', message })
  } else {
    done()
  }
}
