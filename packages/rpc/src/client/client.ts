import { randomUUID } from 'node:crypto'
import { ACTOR_HEADER, type CallingActor } from '@emailauth/contracts/events'
import { activeTracer, inSpan, traceHeaders } from '@emailauth/service/telemetry/tracing'
import type { z } from 'zod'
import { type BatchExchange, createBatch } from './batch.ts'
import type { BatchRoute, Call } from './call.ts'
import { bodyOf, type Reply, readReply, saysReady } from './reply.ts'
import { retryLostReply } from './retry.ts'
import type { Exchange, ExchangeReply, StreamCall, Transport } from './transport.ts'
import { withUnknownEffect } from './unknown-effect.ts'

/** Calls one of our services. */
export interface RpcClient {
  /**
   * Makes one call.
   * @throws {ProblemError} `unavailable` when the service cannot be reached, times out or says so itself;
   * {@link LostReply} when the call may have taken effect; `internal` when the reply is invalid.
   */
  call<Body>(call: Call<Body>): Promise<Reply<Body>>
  /** A batch route as a function of one request; calls of one moment travel together. */
  batch<Request, Result extends object>(
    route: BatchRoute<Result>,
  ): (request: Request, requestId: string) => Promise<Result>
  /** The body of a GET as it comes in, without an end of its own. */
  stream(call: StreamCall): Promise<AsyncIterable<Buffer>>
  /** Resolves when the service says that it is ready, or drains and still works. */
  ready(): Promise<void>
  close(): Promise<void>
}

export interface RpcClientOptions {
  /** The service's name in log lines. */
  readonly name: string
  readonly transport: Transport
  /** Of one attempt. */
  readonly timeoutMs: number
  /** Sees the headers of every reply. */
  readonly onReply?: (headers: ExchangeReply['headers']) => void
}

const READY_TIMEOUT_MS = 1000
/** Of both attempts. Kubernetes waits two seconds for the answer of the service that asks. */
const READY_WITHIN_MS = 1800

/** Opens no connection yet: the first call does. */
export function createRpcClient({ name, transport, timeoutMs, onReply }: RpcClientOptions): RpcClient {
  async function send(exchange: Exchange): Promise<ExchangeReply> {
    const reply = await transport.send(exchange)
    onReply?.(reply.headers)
    // The attempt before this one may have taken effect, whatever this one says.
    return exchange.onNewConnection ? withUnknownEffect(reply) : reply
  }

  const where = (call: { method: string; path: string }, requestId: string) => (status?: number) =>
    `${name}${status === undefined ? '' : ` answered ${status} to`} ${call.method} ${routeOf(call.path)} (request ${requestId})`

  async function call<Body>(call: Call<Body>): Promise<Reply<Body>> {
    const { method, path, body, actor, headers, requestId = randomUUID(), reply, signal } = call
    const { isIdempotent = method === 'GET', timeoutMs: own = timeoutMs, withinMs = 2 * own } = call
    const said = await inSpan(`${name} ${method} ${routeOf(path)}`, { kind: 'client' }, () => {
      const exchange = {
        method,
        path,
        body,
        isBatch: false,
        signal,
        headers: {
          'x-request-id': requestId,
          ...(actor === undefined ? {} : { [ACTOR_HEADER]: actorHeader(actor) }),
          ...traceHeaders(),
          ...headers,
        },
      }
      if (!isIdempotent) return send({ ...exchange, timeoutMs: own, onNewConnection: false })
      return retryLostReply({ timeoutMs: own, withinMs }, (how) => send({ ...exchange, ...how }))
    })
    return readReply(said, reply, () => where(call, requestId)(said.status))
  }

  async function sendBatch<Body>(batch: BatchExchange, shape: z.ZodType<Body>): Promise<Body> {
    const { path, body, requestId, headers, links = [], withinMs, onPart } = batch
    const said = await inSpan(`${name} POST ${routeOf(path)}`, { kind: 'client', links }, () => {
      const exchange = {
        method: 'POST',
        path,
        body,
        onPart,
        // A frame has no span of its own at the other end.
        isBatch: activeTracer() === undefined,
        headers: { 'x-request-id': requestId, ...traceHeaders(), ...headers },
      } as const
      return retryLostReply({ timeoutMs, withinMs }, (how) => send({ ...exchange, ...how }))
    })
    return bodyOf(readReply(said, shape, () => where({ method: 'POST', path }, requestId)(said.status)))
  }

  return {
    call,
    batch: (route) => createBatch(route, sendBatch),
    stream: (call) => transport.stream(call),
    async ready() {
      // One process that is slow, or has just gone, answers for all of its service. A second attempt reaches
      // another one, through a list of URLs and most proxies. All gateways ask at about the same time, so an
      // answer that is wrong takes all of them out of their balancer.
      const limits = { timeoutMs: READY_TIMEOUT_MS, withinMs: READY_WITHIN_MS }
      const { status, headers, body } = await retryLostReply(limits, (attempt) =>
        transport.send({
          method: 'GET',
          path: '/readyz?exclude=draining',
          headers: { 'x-request-id': randomUUID() },
          isBatch: false,
          ...attempt,
        }),
      )
      // Without this a gateway with a wrong token would be ready, and a rollout would replace every good one.
      if (status === 401) throw new Error(`${name} does not accept our EMAILAUTH_SERVICE_TOKEN`)
      if (status !== 200) throw new Error(`${name} is not ready (status ${status})`)
      if (!saysReady(body)) throw new Error(`what answers at the URL of ${name} is no service of emailauth`)
      onReply?.(headers)
    },
    close: () => transport.close(),
  }
}

function actorHeader({ kind, id, sessionId }: CallingActor): string {
  const header = `${kind} ${encodeURIComponent(id)}`
  return sessionId === undefined ? header : `${header} ${sessionId}`
}

/** A path without what varies in it. */
function routeOf(path: string): string {
  return /^\/(?:v1\/)?[a-z-]+(?:\/(?:batch|drops|authenticate)\b)?/.exec(path)?.[0] ?? '/'
}
