import type { IncomingMessage, ServerResponse } from 'node:http'
import { isClosing, isDraining } from '@emailauth/service/http/draining'
import { hasRepeatedHeaders } from '@emailauth/service/http/repeated-headers'
import { activeTracer } from '@emailauth/service/telemetry/tracing'
import type { FastifyError, FastifyInstance } from 'fastify'
import type { Caller, Callers } from '../../access/caller.ts'
import { newRequestId } from '../../http/request-id.ts'
import { inTime } from '../deadline.ts'
import { refusalOf } from '../faults/request-errors.ts'
import { withRequestId } from '../faults/request-id-in-errors.ts'
import { type FastPath, type FastPathCall, USUAL_ACCEPT } from './fast-path.ts'
import { writeFastPathReply } from './fast-path-reply.ts'
import { keepBody, readBody } from './read-body.ts'
import { parseUsualJson } from './usual-json.ts'

export interface FastPathListenerOptions {
  readonly fastPath: Pick<FastPath, 'find' | 'run'>
  /** What the resolvers work with. */
  readonly services: { readonly callers: Pick<Callers, 'known'> }
  /** Asked of each request: whether it is refused because of overload. */
  readonly isOverloaded: () => boolean
  /** Called with each reply: status, and time since the request in ms. */
  readonly observe: (status: number, ms: number) => void
  readonly timeoutMs: number
}

/** What is known of a request on the fast path once its body was read. */
interface FastPathRequest {
  readonly call: FastPathCall
  readonly caller: Caller
  /** When it came, by `performance.now()`. */
  readonly began: number
  /** Hands it over to Fastify. */
  readonly viaFastify: () => void
}

const PATH = '/graphql'
const CONTENT_TYPES: ReadonlySet<string | undefined> = new Set([
  'application/json',
  'application/json; charset=utf-8',
])

/**
 * Answers requests in front of Fastify, whose hooks, parsers and reply cost much of the gateway's CPU for a
 * `verify` (docs/decisions/0038-the-fast-path-goes-past-fastify.md). A request takes the fast path when none
 * of those hooks would refuse or change it, and its caller and document are known. Every other request goes
 * to Fastify, also one whose body has been read by then.
 */
export function answerOnFastPath(app: FastifyInstance, options: FastPathListenerOptions): void {
  const { fastPath, services, isOverloaded, observe, timeoutMs } = options
  const { bodyLimit = 0 } = app.initialConfig
  const isEnding = () => isClosing(app) || isDraining(app)

  /** Whether every hook of Fastify would let the request pass unchanged. */
  function isUsual(request: IncomingMessage): boolean {
    if (request.method !== 'POST' || request.url !== PATH) return false
    const { headers } = request
    const length = Number(headers['content-length'])
    return (
      length > 0 &&
      length <= bodyLimit &&
      CONTENT_TYPES.has(headers['content-type']) &&
      USUAL_ACCEPT.has(headers.accept) &&
      headers['content-encoding'] === undefined &&
      headers['transfer-encoding'] === undefined &&
      headers.expect === undefined &&
      headers.upgrade === undefined &&
      headers.origin === undefined &&
      !hasRepeatedHeaders(request)
    )
  }

  /** The caller on the fast path. undefined: Fastify has to see the request, or look its key up. */
  function fastPathCaller(request: IncomingMessage, { socket }: ServerResponse): Caller | undefined {
    // It waits behind others of its connection, and Fastify's hooks bound how many may.
    if (socket === null) return undefined
    if (!isUsual(request) || isOverloaded() || isEnding() || activeTracer() !== undefined) return undefined
    const { authorization } = request.headers
    const caller = authorization === undefined ? undefined : services.callers.known(authorization)
    return caller?.scope === 'tenant' ? caller : undefined
  }

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { call, caller, began, viaFastify }: FastPathRequest,
  ): void {
    const requestId = newRequestId()
    const headers: string[] = []
    const head = { header: (name: string, value: string) => headers.push(name, value) }
    const reply = (status: number, text: string) => {
      observe(status, performance.now() - began)
      return writeFastPathReply(request, response, {
        status,
        requestId,
        headers,
        text: withRequestId(text, requestId),
        isLast: isEnding(),
      })
    }
    const refuse = (error: FastifyError) => {
      const { status, code, message } = refusalOf(error, app.log.child({ reqId: requestId }))
      return reply(status, JSON.stringify({ errors: [{ message, extensions: { code } }] }))
    }
    inTime(fastPath.run(call, { requestId, caller, head, services }), timeoutMs)
      .then((text) => (text === undefined ? viaFastify() : reply(200, text)), refuse)
      .catch((error: unknown) => giveUp(response, error))
  }

  /** Nothing else is left to do, and nobody else would catch it. */
  function giveUp(response: ServerResponse, error: unknown): void {
    app.log.error({ err: error }, 'a request on the fast path could not be answered')
    response.destroy()
  }

  app.server.removeAllListeners('request')
  app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const began = performance.now()
    const caller = fastPathCaller(request, response)
    if (caller === undefined) return app.routing(request, response)
    readBody(request, (bytes) => {
      const viaFastify = () => {
        keepBody(request, bytes)
        app.routing(request, response)
      }
      try {
        const call = fastPath.find(parseUsualJson(bytes))
        if (call === undefined) viaFastify()
        else answer(request, response, { call, caller, began, viaFastify })
      } catch (error) {
        giveUp(response, error)
      }
    })
  })
}
