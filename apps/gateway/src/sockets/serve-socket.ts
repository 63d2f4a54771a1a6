import type { WebSocket } from '@fastify/websocket'
import type { FastifyBaseLogger } from 'fastify'
import { CloseCode, type Server } from 'graphql-ws'

/** Close codes of RFC 6455: this end is busy, so the client may try again later; or this end failed. */
export const TRY_AGAIN_LATER = 1013
const INTERNAL_ERROR = 1011
const PING_EVERY_MS = 12_000
/** Far more than the dashboard sends: it pings every 10 s. */
export const MESSAGES_PER_WINDOW = 200
const WINDOW_MS = 10_000

/**
 * Connects graphql-ws to a socket. Its own handler prints errors with the client's data to the console. This
 * one logs only the kind of error.
 */
export function serveSocket<Extra extends Record<PropertyKey, unknown>>(
  server: Server<Extra>,
  socket: WebSocket,
  extra: Extra,
  log: Pick<FastifyBaseLogger, 'warn'>,
): void {
  const fail = (error: unknown, code: number) => {
    log.warn({ kind: error instanceof Error ? error.name : typeof error }, 'a socket failed')
    socket.close(code, 'Internal error')
  }
  let isAlive = true
  const pinging = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    if (socket.readyState === socket.OPEN) socket.ping()
  }, PING_EVERY_MS)
  socket.on('pong', () => {
    isAlive = true
  })
  // What is no WebSocket frame, or too large; ws closes the socket itself. The route logs it.
  socket.on('error', () => socket.close(INTERNAL_ERROR, 'Internal error'))

  let windowBegan = performance.now()
  let messages = 0
  const isFlood = () => {
    const now = performance.now()
    if (now - windowBegan > WINDOW_MS) {
      windowBegan = now
      messages = 0
    }
    messages += 1
    return messages > MESSAGES_PER_WINDOW
  }

  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) return resolve()
          socket.send(data, (error) => (error ? reject(error) : resolve()))
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage(take) {
        socket.on('message', (message) => {
          if (isFlood()) {
            socket.close(CloseCode.TooManyInitialisationRequests, 'Too many messages')
            return
          }
          take(String(message)).catch((error) => fail(error, INTERNAL_ERROR))
        })
      },
    },
    extra,
  )
  socket.once('close', (code, reason) => {
    clearInterval(pinging)
    closed(code, String(reason))?.catch((error: unknown) => fail(error, INTERNAL_ERROR))
  })
}
