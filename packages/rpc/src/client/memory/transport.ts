import { isClosing } from '@emailauth/service/http/draining'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { followSignal } from '@emailauth/service/timing/follow-signal'
import { bulkhead } from 'cockatiel'
import type { FastifyInstance } from 'fastify'
import { localBatches } from '../../server/batches.ts'
import { noReplyWithin } from '../no-reply.ts'
import { type Exchange, type ExchangeReply, LostReply, TRY_AGAIN, type Transport } from '../transport.ts'
import { readRequest } from './inject-request.ts'
import { openStream } from './open-stream.ts'
import { sendBatch } from './send-batch.ts'

export interface MemoryTransportOptions {
  /** The service's name in log lines. */
  readonly name: string
  /** The service, in this process. It is ready, and need not listen. The caller that built it closes it. */
  readonly app: FastifyInstance
  readonly serviceToken: string
  /** Requests at a time at most, batches and streams aside. Default: as many as HTTP has connections. */
  readonly maxOpen?: number | undefined
}

const MAX_OPEN = 64

/**
 * Calls a service in the same process, without a socket. A batch is passed as an object to the same checks
 * and the same code as a line of a batch stream. Any other call runs through the app's own hooks and routes
 * as a request with a service token. Time-outs and cut-off calls are lost replies, as over HTTP.
 */
export function createMemoryTransport(options: MemoryTransportOptions): Transport {
  const { name, app, serviceToken, maxOpen = MAX_OPEN } = options
  const service = { app, authorization: `Bearer ${serviceToken}` }
  const batches = localBatches(app)
  const running = new Set<Promise<unknown>>()
  const room = bulkhead(maxOpen, Number.POSITIVE_INFINITY)
  const batchOptions = { log: app.log, lost }

  async function sendRequest(exchange: Exchange): Promise<ExchangeReply> {
    const { timeoutMs, signal } = exchange
    const cut = new AbortController()
    const late = setTimeout(() => cut.abort(noReplyWithin(timeoutMs)), timeoutMs)
    const unfollow = signal === undefined ? undefined : followSignal(cut, signal)
    try {
      cut.signal.throwIfAborted()
      const isCut = new Promise<never>((_, reject) => {
        cut.signal.addEventListener('abort', () => reject(cut.signal.reason), { once: true })
      })
      const reply = room.execute(async () => {
        // Not by passing the signal to the bulkhead: there, a call that is cut off in the queue uses up the
        // turn of the one behind it.
        cut.signal.throwIfAborted()
        return readRequest(service, exchange, cut.signal)
      })
      return await Promise.race([reply, isCut])
    } catch (error) {
      throw lost(error, exchange)
    } finally {
      clearTimeout(late)
      unfollow?.()
    }
  }

  function lost(cause: unknown, { headers }: Exchange): LostReply {
    if (cause instanceof LostReply) return cause
    return new LostReply('unavailable', TRY_AGAIN, {
      cause: new Error(`${name}: no reply to request ${headers['x-request-id']}`, { cause }),
    })
  }

  async function send(exchange: Exchange): Promise<ExchangeReply> {
    if (isClosing(app)) {
      throw new ProblemError('unavailable', TRY_AGAIN, { cause: new Error(`${name} is shutting down`) })
    }
    return batches?.has(exchange.path) ? sendBatch(batches, exchange, batchOptions) : sendRequest(exchange)
  }

  return {
    send(exchange) {
      const call = send(exchange)
      const ended: Promise<unknown> = call.catch(() => {}).finally(() => running.delete(ended))
      running.add(ended)
      return call
    },
    stream: (call) => openStream(service, name, call),
    async close() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
