import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify'

const bodies = new WeakMap<IncomingMessage, Buffer>()

/**
 * Reads a body whole. Its length must be known and bounded, which Node ensures from then on. Nothing happens
 * when the client goes away before its end.
 */
export function readBody(request: IncomingMessage, then: (body: Buffer) => void): void {
  let first: Buffer | undefined
  let others: Buffer[] | undefined
  request.on('data', (piece: Buffer) => {
    if (first === undefined) {
      first = piece
    } else {
      others ??= []
      others.push(piece)
    }
  })
  request.on('end', () => {
    if (first === undefined) return
    then(others === undefined ? first : Buffer.concat([first, ...others]))
  })
}

/** Keeps a body that was read for {@link useReadBody}. */
export function keepBody(request: IncomingMessage, body: Buffer): void {
  bodies.set(request, body)
}

/** A `preParsing` hook: Fastify reads the kept body in place of the request, which has ended. */
export function useReadBody(
  { raw }: FastifyRequest,
  _reply: FastifyReply,
  payload: RequestPayload,
  done: (error: null, payload: RequestPayload) => void,
): void {
  const body = bodies.get(raw)
  done(null, body === undefined ? payload : Readable.from([body]))
}
