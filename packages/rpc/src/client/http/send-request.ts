import { followSignal } from '@emailauth/service/timing/follow-signal'
import { JSON_LINES } from '../../frames.ts'
import { noReplyWithin } from '../no-reply.ts'
import { readParts } from '../parts.ts'
import { parseReply } from '../reply.ts'
import type { Exchange, ExchangeReply } from '../transport.ts'
import type { Endpoint } from './endpoints.ts'
import { MISDIRECTED, Misdirected, type OwnHeaders } from './own-headers.ts'

/**
 * Sends a call as one HTTP request.
 * @param own the headers that every call to this service has
 * @throws {Error} of undici, that no reply came within `timeoutMs`, or {@link Misdirected}
 */
export async function sendRequest(
  { url, connections }: Pick<Endpoint, 'url' | 'connections'>,
  exchange: Exchange,
  own: OwnHeaders,
): Promise<ExchangeReply> {
  const { method, path, headers, body, timeoutMs, onNewConnection, onPart, signal } = exchange
  // AbortSignal.timeout would keep its timer, and make its error, long after the reply has come.
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(noReplyWithin(timeoutMs)), timeoutMs)
  const unfollow = signal === undefined ? undefined : followSignal(late, signal)
  try {
    const request = connections[onNewConnection ? 'requestOnNewConnection' : 'request']({
      method,
      path,
      headers: {
        ...own,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(onPart === undefined ? {} : { accept: JSON_LINES }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: late.signal,
    })
    // undici passes the signal on to a request only once it has a connection.
    const isCut = new Promise<never>((_, reject) => {
      late.signal.addEventListener('abort', () => reject(late.signal.reason), { once: true })
      if (late.signal.aborted) reject(late.signal.reason)
    })
    const reply = await Promise.race([request, isCut])
    const { statusCode: status } = reply
    if (onPart !== undefined && status < 300) {
      await readParts(reply.body, onPart)
      return { status, headers: reply.headers, body: undefined }
    }
    const text = await reply.body.text()
    if (status === MISDIRECTED) throw new Misdirected(url, text)
    return { status, headers: reply.headers, body: parseReply(status, text) }
  } finally {
    clearTimeout(timer)
    unfollow?.()
  }
}
