import { UnreachableError } from './error.ts'
import { readReply } from './reply.ts'
import type { ReplyInfo } from './reply-info.ts'
import type { Deadline } from './timing.ts'

interface Post {
  readonly endpoint: URL
  readonly fetch: typeof globalThis.fetch
  readonly headers: Headers
  readonly body: string
  readonly deadline: Deadline
  /** Of the whole call, for the message. */
  readonly timeoutMs: number
}

/** One attempt. */
export async function post(request: Post): Promise<{ data: Record<string, unknown>; reply: ReplyInfo }> {
  const { endpoint, fetch, headers, body, deadline, timeoutMs } = request
  let response: Response
  let text: string
  try {
    // The key must not follow a redirect to another server. `error` would do this too, but Workers lack it.
    response = await fetch(endpoint, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: deadline.signal,
    })
    text = await response.text()
  } catch (cause) {
    if (deadline.signal.aborted && !deadline.hasPassed()) throw deadline.signal.reason
    const what = deadline.hasPassed()
      ? `did not answer within ${timeoutMs} ms.`
      : `cannot be reached${reasonOf(cause)}`
    throw new UnreachableError('UNREACHABLE', `emailauth at ${endpoint.origin} ${what}`, { cause })
  }
  const data = readReply(response, text, endpoint.origin)
  return {
    data,
    reply: { status: response.status, requestId: response.headers.get('x-request-id') ?? undefined },
  }
}

/** Names of one fault in versions of OpenSSL: the server at that port speaks no TLS. */
const WITHOUT_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'])

/** How deep `fetch` and what stands in for it hide why they failed, with some to spare. */
const CAUSES = 5

/**
 * Why a connection failed, as a code such as ENOTFOUND or ERR_SSL_WRONG_VERSION_NUMBER. The error of `fetch`
 * has it among its causes, where logs rarely show it. Browsers do not tell: a full stop alone.
 */
function reasonOf(thrown: unknown): string {
  let error = thrown
  for (let depth = 0; depth < CAUSES && error instanceof Error; depth += 1) {
    if ('code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(error.code)) {
      const hint = WITHOUT_TLS.has(error.code) ? ' Does it speak http://, not https://?' : ''
      return ` (${error.code}).${hint}`
    }
    error = error.cause
  }
  return '.'
}
