import type { Readable } from 'node:stream'
import { isClosing } from '@emailauth/service/draining'
import { followSignal } from '@emailauth/service/follow-signal'
import { ProblemError } from '@emailauth/service/problem-error'
import { bulkhead } from 'cockatiel'
import type { FastifyInstance } from 'fastify'
import { inject, type Response } from 'light-my-request'
import { JSON_LINES } from '../../frames.ts'
import { logOf } from '../../server/batch-stream.ts'
import { type LocalBatches, localBatches } from '../../server/batches.ts'
import { readParts } from '../parts.ts'
import { parseReply } from '../reply.ts'
import { type Exchange, type ExchangeReply, LostReply, TRY_AGAIN, type Transport } from '../transport.ts'
import { asSent } from './as-sent.ts'

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
  const authorization = `Bearer ${serviceToken}`
  const batches = localBatches(app)
  const running = new Set<Promise<unknown>>()
  const room = bulkhead(maxOpen, Number.POSITIVE_INFINITY)

  /** Every call starts a timer, and no more. The service's work goes on after it, as it does over HTTP. */
  function sendBatch({ answer }: LocalBatches, exchange: Exchange): Promise<ExchangeReply> {
    const { path, headers, body, timeoutMs, onPart } = exchange
    const id = headers['x-request-id'] ?? ''
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => fail(new Error(`no reply within ${timeoutMs} ms`)), timeoutMs)
      let hasEnded = false
      const fail = (cause: unknown) => {
        hasEnded = true
        clearTimeout(late)
        reject(lost(cause, exchange))
      }
      const sendPart = (part: object) => {
        if (hasEnded) return
        try {
          onPart?.(asSent(part))
        } catch (error) {
          // An invalid part is the caller's matter and must not end the service's work.
          fail(error)
        }
      }
      void answer(path, asSent(body), { id, headers, log: logOf(id, app.log) }, sendPart).then((reply) => {
        hasEnded = true
        clearTimeout(late)
        resolve({ ...reply, body: asSent(reply.body) })
      })
    })
  }

  function request(call: Omit<Exchange, 'timeoutMs' | 'onNewConnection' | 'isBatch'>, cut: AbortSignal) {
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

  async function readRequest(exchange: Exchange, cut: AbortSignal): Promise<ExchangeReply> {
    const { onPart } = exchange
    const reply = await request(exchange, cut)
    const { statusCode: status } = reply
    const headers = reply.headers as ExchangeReply['headers']
    if (onPart !== undefined && status < 300) {
      await readParts(bytesOf(reply), onPart)
      return { status, headers, body: undefined }
    }
    const text = Buffer.concat(await bytesOf(reply).toArray()).toString()
    return { status, headers, body: parseReply(status, text) }
  }

  async function sendRequest(exchange: Exchange): Promise<ExchangeReply> {
    const { timeoutMs, signal } = exchange
    const cut = new AbortController()
    const late = setTimeout(() => cut.abort(new Error(`no reply within ${timeoutMs} ms`)), timeoutMs)
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
        return readRequest(exchange, cut.signal)
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
    return batches?.has(exchange.path) ? sendBatch(batches, exchange) : sendRequest(exchange)
  }

  return {
    send(exchange) {
      const call = send(exchange)
      const ended: Promise<unknown> = call.catch(() => {}).finally(() => running.delete(ended))
      running.add(ended)
      return call
    },
    async stream({ path, headers, signal, quietMs }) {
      const cut = new AbortController()
      const unfollow = followSignal(cut, signal)
      const quiet = setTimeout(() => cut.abort(new Error(`${name} said nothing for ${quietMs} ms`)), quietMs)
      const end = () => {
        clearTimeout(quiet)
        unfollow()
        cut.abort()
      }
      try {
        const reply = await request({ method: 'GET', path, headers }, cut.signal)
        if (reply.statusCode === 200) return untilQuiet(bytesOf(reply), quiet, end)
        throw new Error(`${name} answered ${reply.statusCode} to GET ${path.split('?', 1)[0]}`)
      } catch (error) {
        end()
        throw error
      }
    },
    async close() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

function bytesOf(reply: Response): Readable {
  return reply.stream()
}

async function* untilQuiet(
  bytes: AsyncIterable<Buffer>,
  quiet: NodeJS.Timeout,
  end: () => void,
): AsyncGenerator<Buffer, void> {
  try {
    for await (const piece of bytes) {
      quiet.refresh()
      yield piece
      quiet.refresh()
    }
  } finally {
    end()
  }
}
