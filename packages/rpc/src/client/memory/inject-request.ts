import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { inject, type Response } from 'light-my-request'
import { JSON_LINES } from '../../frames.ts'
import { readParts } from '../parts.ts'
import { parseReply } from '../reply.ts'
import type { Exchange, ExchangeReply } from '../transport.ts'

/** A service in this process, and the header that lets us in. */
export interface LocalService {
  readonly app: FastifyInstance
  readonly authorization: string
}

/** Runs a request through the hooks and routes of a service. Its reply may still be arriving. */
export function injectRequest(
  { app, authorization }: LocalService,
  call: Omit<Exchange, 'timeoutMs' | 'onNewConnection' | 'isBatch'>,
  cut: AbortSignal,
): Promise<Response> {
  const { method, path, body, headers, onPart } = call
  return inject(
    (message, reply) => {
      // The service sees what it sees when a caller hangs up.
      const hangUp = () => void reply.destroy()
      cut.addEventListener('abort', hangUp, { once: true })
      reply.once('close', () => cut.removeEventListener('abort', hangUp))
      app.routing(message, reply)
    },
    {
      method,
      url: path,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(onPart === undefined ? {} : { accept: JSON_LINES }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      payloadAsStream: true,
    },
  )
}

/** Runs a request to the end of its reply. */
export async function readRequest(
  service: LocalService,
  exchange: Exchange,
  cut: AbortSignal,
): Promise<ExchangeReply> {
  const { onPart } = exchange
  const reply = await injectRequest(service, exchange, cut)
  const { statusCode: status } = reply
  // Node types headers that are to be sent more widely than those that arrive.
  const headers = reply.headers as ExchangeReply['headers']
  if (onPart !== undefined && status < 300) {
    await readParts(bytesOf(reply), onPart)
    return { status, headers, body: undefined }
  }
  const text = Buffer.concat(await bytesOf(reply).toArray()).toString()
  return { status, headers, body: parseReply(status, text) }
}

/** The body of an injected reply, as it comes. */
export function bytesOf(reply: Response): Readable {
  return reply.stream()
}
