import { hasManyParts } from '@emailauth/service/http/json-parts'
import type { WebSocket } from '@fastify/websocket'
import type { FastifyBaseLogger } from 'fastify'
import { CloseCode, type Server } from 'graphql-ws'

/** Close codes of RFC 6455: this end is busy, so the client may try again later; or this end failed. */
export const TRY_AGAIN_LATER = 1013
const INTERNAL_ERROR = 1011
const PING_EVERY_MS = 12_000
/**
 * Far more than the dashboard sends: it pings every 10 s. Pings of WebSocket count too, and pongs that answer
 * none of ours.
 */
export const MESSAGES_PER_WINDOW = 200
const WINDOW_MS = 10_000
/** A socket that sends no more in the window is read at once, however much others of its owner send. */
const NEVER_SLOWED = 10
/** For so long nothing is read of a socket whose owner floods by many. Far less than a ping may take. */
const PAUSE_MS = 1000
/** Of what a client does not read. Events wait for it in a queue, but each ping is answered at once. */
export const MOST_UNREAD_BYTES = 1024 * 1024
/** What a close frame has room for. */
const REASON_BYTES = 123

export interface SocketOptions {
  readonly log: Pick<FastifyBaseLogger, 'warn'>
  /** Asked at each message, ping and unasked pong: whether those of all sockets of its owner are too many. */
  readonly isFlooding: () => boolean
}

/**
 * Connects graphql-ws to a socket. Its own handler prints errors with the client's data to the console. This
 * one logs only the kind of error.
 */
export function serveSocket<Extra extends Record<PropertyKey, unknown>>(
  server: Server<Extra>,
  socket: WebSocket,
  extra: Extra,
  { log, isFlooding }: SocketOptions,
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
  // What is no WebSocket frame, or too large; ws closes the socket itself. The route logs it.
  socket.on('error', () => socket.close(INTERNAL_ERROR, 'Internal error'))
  const isTooMany = endFloods(socket, isFlooding)
  socket.on('ping', isTooMany)
  socket.on('pong', () => {
    // The answer to our own ping is not the client's doing.
    if (isAlive) isTooMany()
    isAlive = true
  })

  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) return resolve()
          if (socket.bufferedAmount > MOST_UNREAD_BYTES) socket.terminate()
          socket.send(data, (error) => (error ? reject(error) : resolve()))
        }),
      // graphql-ws puts the client's id into a reason, however long it is.
      close: (code, reason) => socket.close(code, firstBytes(reason, REASON_BYTES)),
      onMessage(take) {
        socket.on('message', (message) => {
          if (isTooMany() || socket.readyState !== socket.OPEN) return
          if (Buffer.isBuffer(message) && hasManyParts(message))
            return socket.close(CloseCode.BadRequest, 'A message has too many keys and items')
          take(String(message)).catch((error) => {
            if (isOfServer(error)) return socket.close(CloseCode.BadRequest, 'Invalid message received')
            fail(error, INTERNAL_ERROR)
          })
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

/**
 * Closes a socket that floods. A client that goes on as if nothing was said loses the connection, because
 * each of its frames costs the gateway time, also after the close. A socket that floods together with others
 * of its owner is only read more slowly: a new connection costs more than the messages of a second.
 * @returns counts one message, and whether it is not to be read
 */
function endFloods(socket: WebSocket, isFlooding: () => boolean): () => boolean {
  let windowBegan = performance.now()
  let messages = 0
  let resuming: NodeJS.Timeout | undefined
  const pauseReading = () => {
    if (resuming !== undefined) return
    socket.pause()
    resuming = setTimeout(() => {
      resuming = undefined
      socket.resume()
    }, PAUSE_MS)
  }
  socket.once('close', () => clearTimeout(resuming))
  const isTooMany = () => {
    const now = performance.now()
    if (now - windowBegan > WINDOW_MS) {
      windowBegan = now
      messages = 0
    }
    messages += 1
    if (isFlooding() && messages > NEVER_SLOWED) pauseReading()
    if (messages > 2 * MESSAGES_PER_WINDOW) socket.terminate()
    else if (messages > MESSAGES_PER_WINDOW)
      socket.close(CloseCode.TooManyInitialisationRequests, 'Too many messages')
    return messages > MESSAGES_PER_WINDOW
  }
  return isTooMany
}

/** graphql-ws throws for a message that only a server sends. A stranger can cause it at will. */
function isOfServer(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unexpected message of type')
}

function firstBytes(text: string | undefined, most: number): string | undefined {
  if (text === undefined || Buffer.byteLength(text) <= most) return text
  // A character that is cut in two becomes U+FFFD, of three bytes.
  return String(Buffer.from(text).subarray(0, most - 2)).slice(0, -1)
}
