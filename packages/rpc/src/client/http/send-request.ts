import { followSignal } from '@emailauth/service/follow-signal'
import { JSON_LINES } from '../../frames.ts'
import { readParts } from '../parts.ts'
import { parseReply } from '../reply.ts'
import type { Exchange, ExchangeReply } from '../transport.ts'
import type { Endpoint } from './endpoints.ts'

/**
 * Sends a call as one HTTP request.
 * @param authorization the header's value
 * @throws {Error} of undici, or that no reply came within `timeoutMs`
 */
export async function sendRequest(
  { connections }: Pick<Endpoint, 'connections'>,
  exchange: Exchange,
  authorization: string,
): Promise<ExchangeReply> {
  const { method, path, headers, body, timeoutMs, onNewConnection, onPart, signal } = exchange
  // AbortSignal.timeout would keep its timer, and make its error, long after the reply has come.
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error(`no reply within ${timeoutMs} ms`)), timeoutMs)
  const unfollow = signal === undefined ? undefined : followSignal(late, signal)
  try {
    const request = connections[onNewConnection ? 'requestOnNewConnection' : 'request']({
      method,
      path,
      headers: {
        authorization,
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
    return { status, headers: reply.headers, body: parseReply(status, await reply.body.text()) }
  } finally {
    clearTimeout(timer)
    unfollow?.()
  }
}
