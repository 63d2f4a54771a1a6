import type { FastifyInstance, FastifyRequest } from 'fastify'
import { limitReplies } from './reply-limits.ts'

/** How long a client may take to send a request and to take its reply, in ms. */
export interface RequestLimits {
  /** From the connection, or the end of the request before, to the end of the headers. */
  readonly headersMs: number
  /** From the first byte to the end of the body. */
  readonly requestMs: number
  /** Without taking a byte of what waits for it. */
  readonly replyMs: number
}

/** A body has 64 KiB at the gateway and comes from our own gateway elsewhere, so both are generous. */
export const REQUEST_LIMITS: RequestLimits = {
  headersMs: 10_000,
  requestMs: 15_000,
  replyMs: 60_000,
}

/**
 * Options for `http.createServer`: how often Node looks for late requests. Its default of 30 s would be the
 * real limit.
 */
export const CHECK_OFTEN = { connectionsCheckingInterval: 3000 } as const

/** Answers 408 to too slow requests and closes their connections. For servers without batch streams. */
export function limitRequests(
  app: FastifyInstance,
  { headersMs, requestMs, replyMs } = REQUEST_LIMITS,
): void {
  const { server } = app
  server.headersTimeout = headersMs
  server.requestTimeout = requestMs
  limitReplies(app, replyMs)
}

const clocks = new WeakMap<object, NodeJS.Timeout>()

/** Removes the limit from one request: a stream whose client has sent the service token. */
export function keepRequestOpen({ raw }: FastifyRequest): void {
  clearTimeout(clocks.get(raw))
}

/**
 * The same for servers with batch streams, which are endless requests. Node's own timer has no exceptions,
 * so bodies get one of ours. It runs until the body has ended, even if the reply is sent before.
 */
export function limitRequestsButStreams(
  app: FastifyInstance,
  { headersMs, requestMs, replyMs } = REQUEST_LIMITS,
): void {
  const { server } = app
  server.headersTimeout = headersMs
  server.requestTimeout = 0
  limitReplies(app, replyMs)

  app.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request
    if (hasBody(request)) {
      const clock = setTimeout(() => {
        const error = Object.assign(new Error('the body took too long'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
        server.emit('clientError', error, raw.socket)
      }, requestMs).unref()
      clocks.set(raw, clock)
      const stop = () => clearTimeout(clock)
      raw.once('end', stop)
      raw.once('close', stop)
    }
    done()
  })
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
