import { ProblemError } from '@emailauth/service/http/problem-error'
import type { TlsSource } from '@emailauth/service/network/tls'
import {
  type Exchange,
  type ExchangeReply,
  LostReply,
  NotSent,
  TRY_AGAIN,
  type Transport,
} from '../transport.ts'
import { createEndpoints, type Endpoint } from './endpoints.ts'
import { ownHeaders } from './own-headers.ts'
import { sendRequest } from './send-request.ts'

export interface HttpTransportOptions {
  /** The service's name: that in its own options, and in log lines. */
  readonly name: string
  /** One URL, or several separated by commas: processes of one service that share its work. */
  readonly url: string
  readonly serviceToken: string
  /** Certificates for `https:`. The caller keeps and closes them. */
  readonly tls?: TlsSource | undefined
  /** Pooled connections to each process at most. */
  readonly maxPooled?: number | undefined
  /** Cuts off all calls, those that run and those that come later. Their replies count as lost. */
  readonly cutOff?: AbortSignal | undefined
  /** All addresses of a name; for tests. */
  readonly resolve?: (host: string) => Promise<readonly string[]>
}

/** Errors before anything was sent, so that another process can be tried safely. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'MISDIRECTED',
])

/**
 * REST over pooled connections, with batches over streams if the service has them. Connects on the first
 * call.
 */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  const { name, serviceToken, tls, maxPooled, cutOff, resolve } = options
  const own = ownHeaders(name, serviceToken)
  const urls = options.url
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '')
  const endpoints = createEndpoints({
    urls,
    own,
    tls,
    maxPooled,
    cutOff,
    ...(resolve === undefined ? {} : { resolve }),
  })
  /** Endpoint whose reply was lost, by the call's headers. The second attempt goes to another endpoint. */
  const lostAt = new WeakMap<object, Endpoint>()

  function fault(cause: unknown, exchange: Exchange, endpoint: Endpoint): ProblemError {
    endpoints.failed(endpoint)
    const requestId = exchange.headers['x-request-id']
    const Kind = NEVER_SENT.has(codeOf(cause)) ? NotSent : LostReply
    return new Kind('unavailable', TRY_AGAIN, {
      cause: new Error(`${name}: no reply to request ${requestId}`, { cause }),
    })
  }

  /** undefined: no stream is open, so the call must be a request. */
  function sendFrame(endpoint: Endpoint, exchange: Exchange): Promise<ExchangeReply> | undefined {
    if (!exchange.isBatch || exchange.onNewConnection) return undefined
    const { path, headers, body, timeoutMs, onPart } = exchange
    return endpoint.streams.send({ path, headers: { ...headers }, body }, { timeoutMs, onPart }) as
      | Promise<ExchangeReply>
      | undefined
  }

  /** Tries one process after the other while nothing was sent. */
  async function sendToOne(exchange: Exchange): Promise<ExchangeReply> {
    let endpoint = endpoints.next(exchange.onNewConnection ? lostAt.get(exchange.headers) : undefined)
    for (let tries = 1; ; tries++) {
      try {
        return await (sendFrame(endpoint, exchange) ?? sendRequest(endpoint, exchange, own))
      } catch (error) {
        lostAt.set(exchange.headers, endpoint)
        if (error instanceof ProblemError && !(error instanceof LostReply)) throw error
        const thrown = fault(error, exchange, endpoint)
        if (thrown instanceof LostReply || tries >= endpoints.size) throw thrown
        endpoint = endpoints.next(endpoint)
      }
    }
  }

  return {
    send: sendToOne,
    async stream({ path, headers, signal, quietMs }) {
      const endpoint = endpoints.next()
      const reply = await endpoint.connections.request({
        method: 'GET',
        path,
        headers: { ...own, ...headers },
        signal,
        headersTimeout: quietMs,
        bodyTimeout: quietMs,
      })
      if (reply.statusCode === 200) return reply.body
      await reply.body.dump()
      throw new Error(`${name} answered ${reply.statusCode} to GET ${path.split('?', 1)[0]}`)
    },
    close: () => endpoints.close(),
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
