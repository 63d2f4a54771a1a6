import type { IncomingMessage, ServerResponse } from 'node:http'
import { isClosing, isDraining } from '@emailauth/service/draining'
import { hasRepeatedHeaders } from '@emailauth/service/repeated-headers'
import { activeTracer } from '@emailauth/service/tracing'
import type { FastifyError, FastifyInstance } from 'fastify'
import type { Caller, Callers } from '../../access/caller.ts'
import { newRequestId } from '../../http/request-id.ts'
import { inTime } from '../deadline.ts'
import { refusalOf } from '../request-errors.ts'
import { withRequestId } from '../request-id-in-errors.ts'
import { type HotCall, type HotPath, USUAL_ACCEPT } from './hot-path.ts'
import { writeHotReply } from './hot-reply.ts'
import { keepBody, readBody } from './read-body.ts'
import { parseUsualJson } from './usual-json.ts'

export interface HotListenerOptions {
  readonly hotPath: Pick<HotPath, 'find' | 'run'>
  /** What the resolvers work with. */
  readonly services: { readonly callers: Pick<Callers, 'known'> }
  /** Whether requests are refused at the moment. */
  readonly isOverloaded: () => boolean
  /** Called with each reply: status, and time since the request in ms. */
  readonly observe: (status: number, ms: number) => void
  readonly timeoutMs: number
}

const PATH = '/graphql'
const CONTENT_TYPES: ReadonlySet<string | undefined> = new Set([
  'application/json',
  'application/json; charset=utf-8',
])

/**
 * Takes hot requests off Fastify, whose hooks, parsers and reply cost much of the gateway's CPU for a
 * `verify` (docs/decisions/0038-hot-requests-go-past-fastify.md). A request is hot when none of those hooks
 * would refuse or change it, and its caller and document are known. Every other request goes to Fastify, also
 * one whose body has been read by then.
 */
export function answerHotRequests(app: FastifyInstance, options: HotListenerOptions): void {
  const { hotPath, services, isOverloaded, observe, timeoutMs } = options
  const { bodyLimit = 0 } = app.initialConfig
  const isEnding = () => isClosing(app) || isDraining(app)

  /** What each hook on Fastify's way lets pass as it is. */
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

  /** The caller of a hot request. undefined: it is not hot, or its key has to be looked up. */
  function hotCaller(request: IncomingMessage): Caller | undefined {
    if (!isUsual(request) || isOverloaded() || isEnding() || activeTracer() !== undefined) return undefined
    const { authorization } = request.headers
    const caller = authorization === undefined ? undefined : services.callers.known(authorization)
    return caller?.scope === 'tenant' ? caller : undefined
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { call, caller, began }: { call: HotCall; caller: Caller; began: number },
  ): Promise<'answered' | 'not-hot'> {
    const requestId = newRequestId()
    const headers: string[] = []
    const head = { header: (name: string, value: string) => headers.push(name, value) }
    let status = 200
    let text: string | undefined
    try {
      text = await inTime(hotPath.run(call, { requestId, caller, head, services }), timeoutMs)
      if (text === undefined) return 'not-hot'
    } catch (error) {
      const { code, message, ...refusal } = refusalOf(
        error as FastifyError,
        app.log.child({ reqId: requestId }),
      )
      status = refusal.status
      text = JSON.stringify({ errors: [{ message, extensions: { code } }] })
    }
    await writeHotReply(request, response, {
      status,
      requestId,
      headers,
      text: withRequestId(text, requestId),
      isLast: isEnding(),
    })
    observe(status, performance.now() - began)
    return 'answered'
  }

  app.server.removeAllListeners('request')
  app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const began = performance.now()
    const caller = hotCaller(request)
    if (caller === undefined) return app.routing(request, response)
    readBody(request, (bytes) => {
      const viaFastify = () => {
        keepBody(request, bytes)
        app.routing(request, response)
      }
      const call = hotPath.find(parseUsualJson(bytes))
      if (call === undefined) return viaFastify()
      answer(request, response, { call, caller, began }).then(
        (end) => {
          if (end === 'not-hot') viaFastify()
        },
        (error: unknown) => {
          app.log.error({ err: error }, 'a reply could not be written')
          response.destroy()
        },
      )
    })
  })
}
