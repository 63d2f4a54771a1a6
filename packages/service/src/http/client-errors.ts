import { STATUS_CODES } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

const STATUS: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }

/**
 * Answers invalid or too slow HTTP with a bare status. The error holds the bytes read, with keys and
 * numbers, so only its code is logged.
 */
export function answerClientError(this: FastifyInstance, { code }: { code: string }, socket: Socket): void {
  // An injected request has no socket that could be written to or ended.
  if (code === 'ECONNRESET' || socket.destroyed || !(socket instanceof Socket)) return
  const status = STATUS[code] ?? 400
  this.log.debug({ code, status }, 'a request could not be read')
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    )
  }
  socket.destroySoon()
}
