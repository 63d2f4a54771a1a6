import { logOf } from '../../server/batch-stream.ts'
import type { BatchCall, LocalBatches } from '../../server/batches.ts'
import { noReplyWithin } from '../no-reply.ts'
import type { Exchange, ExchangeReply, LostReply } from '../transport.ts'
import { asSent } from './as-sent.ts'

export interface BatchOptions {
  readonly log: BatchCall['log']
  /** What a call rejects with whose reply did not arrive. */
  lost(cause: unknown, exchange: Exchange): LostReply
}

/**
 * Passes a batch to a service in this process. Every call starts a timer, and no more. The service's work
 * goes on after it, as it does over HTTP.
 */
export function sendBatch(
  { answer }: LocalBatches,
  exchange: Exchange,
  { log, lost }: BatchOptions,
): Promise<ExchangeReply> {
  const { path, headers, body, timeoutMs, onPart } = exchange
  const id = headers['x-request-id'] ?? ''
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => fail(noReplyWithin(timeoutMs)), timeoutMs)
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
    void answer(path, asSent(body), { id, headers, log: logOf(id, log) }, sendPart).then((reply) => {
      hasEnded = true
      clearTimeout(late)
      resolve({ ...reply, body: asSent(reply.body) })
    })
  })
}
