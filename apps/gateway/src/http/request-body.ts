import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { sendError } from './media-types.ts'

const IDENTITY = 'identity'

/**
 * True for a body that is compressed. None is read: a few bytes could grow to any size, and a body of 64 KiB
 * needs no compression.
 */
export function isCompressed({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const encoding = headers['content-encoding']
  return encoding !== undefined && encoding.trim().toLowerCase() !== IDENTITY
}

/** What a compressed body is answered with, beside the status 415: what to do instead (RFC 9110, 12.5.3). */
export const COMPRESSED = {
  header: ['accept-encoding', IDENTITY],
  message: 'The body is compressed; send it as it is, without Content-Encoding.',
} as const

/** Refuses a compressed body of GraphQL before it is read. */
export function refuseCompressed(
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  if (isCompressed(request)) {
    reply.header(...COMPRESSED.header)
    sendError(request, reply, { status: 415, code: 'BAD_USER_INPUT', message: COMPRESSED.message })
  } else {
    done()
  }
}
