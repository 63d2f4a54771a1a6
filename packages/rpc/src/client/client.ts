import { randomUUID } from 'node:crypto'
import { ACTOR_HEADER } from '@emailauth/contracts/events'
import { ProblemError } from '@emailauth/service/problem-error'
import type { TlsSource } from '@emailauth/service/tls'
import { activeTracer, inSpan, traceHeaders } from '@emailauth/service/tracing'
import { JSON_LINES } from '../frames.ts'
import { createBatchStreams } from './batch-streams.ts'
import type { Call } from './call.ts'
import { createConnections } from './connections.ts'
import { parseReply, type Reply, readLines, readReply, TRY_AGAIN } from './reply.ts'
import { type Attempt, LostReply, retryLostReply } from './retry.ts'

interface StreamCall {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly quietMs: number
}

/** JSON over HTTP with one of our services: pooled connections, kept alive, a time-out on every call. */
export interface RpcClient {
  /**
   * One call.
   * @throws {ProblemError} `unavailable` when the service cannot be reached, answers too late or says so itself;
   *   {@link LostReply} when the call may have taken effect; `internal` when the reply makes no sense.
   */
  call<Body>(call: Call): Promise<Reply<Body>>
  /**
   * The body of a GET as it comes in, without an end of its own: it ends with the service or with `signal`, and after `quietMs` in which
   * nothing came.
   * @throws {Error} when the service does not answer with 200, or is cut off.
   */
  stream(call: StreamCall): Promise<AsyncIterable<Buffer>>
  /** Resolves when the service says that it is ready. */
  ready(): Promise<void>
  close(): Promise<void>
}

export interface RpcClientOptions {
  /** The service's name in log lines. */
  readonly name: string
  readonly url: string
  readonly serviceToken: string
  /** From the call to the last byte of the reply, waiting for a connection included. */
  readonly timeoutMs: number
  /** Whom an `https:` service must prove to be, and what is shown to it; stays the caller's. */
  readonly tls?: TlsSource | undefined
  /** Sees the head of every reply. */
  readonly onReply?: (headers: Readonly<Record<string, string | string[] | undefined>>) => void
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Opens no connection yet: the first call does. */
export function createRpcClient(options: RpcClientOptions): RpcClient {
  const { name, serviceToken, timeoutMs, onReply } = options
  const connections = createConnections(options.url, options.tls)
  const authorization = `Bearer ${serviceToken}`
  const streams = createBatchStreams(connections, authorization)

  const lost = (cause: unknown, requestId: string) => {
    const Kind = NEVER_SENT.has(codeOf(cause)) ? ProblemError : LostReply
    return new Kind('unavailable', TRY_AGAIN, {
      cause: new Error(`${name}: no reply to request ${requestId}`, { cause }),
    })
  }

  /** Undefined where the call has to be a request of its own: no stream is open, or its span has to be told. */
  function sendOnStream(call: Call, timeoutMs: number) {
    const { path, body, headers, requestId = '', isBatch = false, onLine: onPart } = call
    if (!isBatch || activeTracer() !== undefined) return undefined
    const line = { path, headers: { 'x-request-id': requestId, ...headers }, body }
    return streams.send(line, { timeoutMs, onPart })?.then(
      (reply) => {
        onReply?.(reply.headers)
        return { status: reply.status, body: reply.body, requestId }
      },
      (cause: unknown) => {
        throw lost(cause, requestId)
      },
    )
  }

  async function send(call: Call, attempt: Attempt) {
    return (
      (attempt.onNewConnection ? undefined : sendOnStream(call, attempt.timeoutMs)) ??
      sendRequest(call, attempt)
    )
  }

  async function sendRequest(call: Call, { timeoutMs: own, onNewConnection }: Attempt) {
    const { method, path, body, actor, headers, requestId = randomUUID(), onLine } = call
    // Not AbortSignal.timeout: its timer would go on, and make an error, long after the reply has come.
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new Error(`no reply within ${own} ms`)), own)
    try {
      const reply = await connections[onNewConnection ? 'requestOnNewConnection' : 'request']({
        method,
        path,
        headers: {
          authorization,
          'x-request-id': requestId,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(onLine === undefined ? {} : { accept: JSON_LINES }),
          ...(actor === undefined ? {} : { [ACTOR_HEADER]: `${actor.kind} ${encodeURIComponent(actor.id)}` }),
          ...traceHeaders(),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: late.signal,
      })
      onReply?.(reply.headers)
      const { statusCode: status, body: read } = reply
      if (onLine === undefined || status >= 300) {
        return { status, body: parseReply(status, await read.text()), requestId }
      }
      await readLines(read, onLine)
      return { status, body: undefined, requestId }
    } catch (cause) {
      if (cause instanceof ProblemError) throw cause
      throw lost(cause, requestId)
    } finally {
      clearTimeout(timer)
    }
  }

  function sendOnceOrTwice(call: Call) {
    const { method, repeats = method === 'GET', timeoutMs: own = timeoutMs, withinMs = 2 * own } = call
    if (!repeats) return send(call, { timeoutMs: own, onNewConnection: false })
    const requestId = call.requestId ?? randomUUID()
    return retryLostReply({ timeoutMs: own, withinMs }, (how) => send({ ...call, requestId }, how))
  }

  return {
    async call<Body>(call: Call): Promise<Reply<Body>> {
      const { status, body, requestId } = await inSpan(
        `${name} ${call.method} ${routeOf(call.path)}`,
        { kind: 'client', links: call.links ?? [] },
        () => sendOnceOrTwice(call),
      )
      return readReply<Body>(
        status,
        body,
        () => `${name} answered ${status} to ${call.method} ${routeOf(call.path)} (request ${requestId})`,
      )
    },
    async stream({ path, headers, signal, quietMs }) {
      const reply = await connections.request({
        method: 'GET',
        path,
        headers: { authorization, 'x-request-id': randomUUID(), ...headers },
        signal,
        headersTimeout: quietMs,
        bodyTimeout: quietMs,
      })
      if (reply.statusCode === 200) return reply.body
      await reply.body.dump()
      throw new Error(`${name} answered ${reply.statusCode} to GET ${routeOf(path)}`)
    },
    async ready() {
      const { status } = await send(
        { method: 'GET', path: '/readyz' },
        { timeoutMs: 1000, onNewConnection: false },
      )
      if (status !== 200) throw new Error(`${name} is not ready (status ${status})`)
    },
    async close() {
      streams.close()
      await connections.close()
    },
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** A path without what varies in it. */
function routeOf(path: string): string {
  return /^\/(?:v1\/)?[a-z-]+(?:\/(?:batch|drops|authenticate)\b)?/.exec(path)?.[0] ?? '/'
}
