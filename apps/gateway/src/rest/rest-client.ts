import { randomUUID } from 'node:crypto'
import { ACTOR_HEADER, type Actor } from '@emailauth/contracts/events'
import { ProblemError } from '@emailauth/service/problem-error'
import type { TlsMaterial, TlsSource } from '@emailauth/service/tls'
import { inSpan, type SpanOptions, traceHeaders } from '@emailauth/service/tracing'
import { Pool } from 'undici'
import { type Reply, readReply, TRY_AGAIN } from './reply.ts'

interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path and query; everything variable in it is already encoded. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** Goes along as `x-request-id`, so that the log lines of both sides can be joined. Default: a new one; errors name it. */
  readonly requestId?: string
  /** For whom it is, where that is written down. */
  readonly actor?: Actor | undefined
  /** The spans of the calls that travel in this one. */
  readonly links?: SpanOptions['links']
  /** Shorter or longer than the client's own time-out. */
  readonly timeoutMs?: number
}

interface StreamCall {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly quietMs: number
}

/** JSON over HTTP with one of our services: pooled connections, kept alive, a time-out on every call. */
export interface RestClient {
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

export interface RestClientOptions {
  /** The service's name in log lines. */
  readonly name: string
  readonly url: string
  readonly serviceToken: string
  /** From the call to the last byte of the reply, waiting for a connection included. */
  readonly timeoutMs: number
  /** Whom an `https:` service must prove to be, and what is shown to it; stays the caller's. */
  readonly tls?: TlsSource | undefined
}

/** The call may have reached the service and taken effect, but its reply did not arrive. */
export class LostReply extends ProblemError {}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Opens no connection yet: the first call does. */
export function createRestClient({ name, url, serviceToken, timeoutMs, tls }: RestClientOptions): RestClient {
  let pool = openPool(url, tls?.current)
  tls?.onChange((material) => {
    const former = pool
    pool = openPool(url, material)
    // Calls that run on it finish first.
    void former.close()
  })
  const authorization = `Bearer ${serviceToken}`

  async function send({
    method,
    path,
    body,
    actor,
    requestId = randomUUID(),
    timeoutMs: own = timeoutMs,
  }: Call) {
    // Not AbortSignal.timeout: its timer would go on, and make an error, long after the reply has come.
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new Error(`no reply within ${own} ms`)), own)
    try {
      const reply = await pool.request({
        method,
        path,
        headers: {
          authorization,
          'x-request-id': requestId,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(actor === undefined ? {} : { [ACTOR_HEADER]: `${actor.kind} ${encodeURIComponent(actor.id)}` }),
          ...traceHeaders(),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: late.signal,
      })
      return { status: reply.statusCode, text: await reply.body.text(), requestId }
    } catch (cause) {
      const Kind = NEVER_SENT.has(codeOf(cause)) ? ProblemError : LostReply
      throw new Kind('unavailable', TRY_AGAIN, {
        cause: new Error(`${name}: no reply to request ${requestId}`, { cause }),
      })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async call<Body>(call: Call): Promise<Reply<Body>> {
      const { status, text, requestId } = await inSpan(
        `${name} ${call.method} ${routeOf(call.path)}`,
        { kind: 'client', links: call.links ?? [] },
        () => send(call),
      )
      return readReply<Body>(
        status,
        text,
        () => `${name} answered ${status} to ${call.method} ${routeOf(call.path)} (request ${requestId})`,
      )
    },
    async stream({ path, headers, signal, quietMs }) {
      const reply = await pool.request({
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
      const { status } = await send({ method: 'GET', path: '/readyz', timeoutMs: 1000 })
      if (status !== 200) throw new Error(`${name} is not ready (status ${status})`)
    },
    close: () => pool.close(),
  }
}

// The signal of a call bounds it whole, so undici's own clocks, which count its parts, are off.
function openPool(url: string, material: TlsMaterial | undefined): Pool {
  return new Pool(url, {
    connections: 64,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 1000, ...material },
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** A path without what varies in it. */
function routeOf(path: string): string {
  return /^\/(?:v1\/)?[a-z-]+(?:\/(?:batch|drops|authenticate)\b)?/.exec(path)?.[0] ?? '/'
}
