import type { IncomingMessage, ServerResponse } from 'node:http'
import { compress, isLarge } from '../../http/compress-reply.ts'
import { responseType } from '../../http/media-types.ts'

/** The reply to a request on the fast path. It has the headers that the hooks on Fastify's way set. */
export interface FastPathReply {
  readonly status: number
  readonly requestId: string
  /** More headers: names and values in turns. */
  readonly headers: readonly string[]
  readonly text: string
  /** Whether the connection closes after it. */
  readonly isLast: boolean
}

/**
 * Writes a reply. A large one is compressed first, as its caller likes it best.
 * @returns only for a large one: when it is written.
 */
export function writeFastPathReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: FastPathReply,
): Promise<void> | undefined {
  const { text } = reply
  if (isLarge(text)) return writeLarge(request, response, reply)
  write(request, response, reply, text)
  return undefined
}

async function writeLarge(
  request: IncomingMessage,
  response: ServerResponse,
  reply: FastPathReply,
): Promise<void> {
  const compressed = compress(request, reply.text)
  const vary = ['vary', 'accept-encoding']
  if (compressed === undefined) return write(request, response, reply, reply.text, vary)
  const body = await compressed.body
  write(request, response, reply, body, [...vary, 'content-encoding', compressed.encoding])
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { status, requestId, headers, isLast }: FastPathReply,
  body: string | Buffer,
  encoding: readonly string[] = [],
): void {
  const head = ['x-request-id', requestId, 'x-content-type-options', 'nosniff', ...headers]
  head.push('content-type', `${responseType(request.headers.accept)}; charset=utf-8`)
  if (isLast) head.push('connection', 'close')
  // Answers may carry tokens.
  head.push('cache-control', 'no-store', ...encoding, 'content-length', String(Buffer.byteLength(body)))
  response.writeHead(status, head)
  end(response, body)
}

/**
 * Ends a response with its body. Node writes head and text as one chunk this way: `end(body)` makes a second,
 * empty one, and two chunks are gathered by a slower system call.
 */
function end(response: ServerResponse, body: string | Buffer): void {
  const { socket } = response
  if (socket === null || typeof body !== 'string') {
    response.end(body)
    return
  }
  socket.cork()
  response.write(body)
  socket.uncork()
  response.end()
}
