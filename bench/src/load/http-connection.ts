import { connect } from 'node:net'

/** One reply of a server. */
export interface HttpReply {
  readonly status: number
  readonly body: string
}

/**
 * One keep-alive connection with one request at a time. It costs the load generator as little as possible.
 */
export interface HttpConnection {
  /** Sends a whole request and waits for the whole reply. */
  exchange(request: Buffer): Promise<HttpReply>
  close(): void
}

/** What all connections read into: each piece is taken out before the next is read. */
const incoming = Buffer.allocUnsafe(64 * 1024)

/** @throws {Error} from `exchange` when the connection breaks, or a reply names no length. */
export function openHttpConnection(port: number): HttpConnection {
  let rest = ''
  let waiting: { resolve: (reply: HttpReply) => void; reject: (error: Error) => void } | undefined
  const socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: incoming,
      callback(bytes) {
        take(bytes)
        return true
      },
    },
  })
  const fail = (error: Error) => {
    waiting?.reject(error)
    waiting = undefined
    socket.destroy()
  }
  function take(bytes: number): void {
    // Bytes as characters: lengths are counted in bytes, and what the bench looks for in replies is ASCII.
    rest += incoming.toString('latin1', 0, bytes)
    const reply = takeReply(rest)
    if (reply === undefined) return
    if (reply === 'no-length') {
      fail(new Error('The reply names no length.'))
      return
    }
    rest = rest.slice(reply.end)
    const { resolve } = waiting ?? {}
    waiting = undefined
    resolve?.(reply)
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The server closed the connection.')))
  return {
    exchange: (request) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('The connection is closed.'))
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

/** The first reply in what has come so far; undefined while it is not whole. */
export function takeReply(text: string): (HttpReply & { readonly end: number }) | 'no-length' | undefined {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)
  if (length === null || length.index > headEnd) return 'no-length'
  const start = headEnd + 4
  const end = start + Number(length[1])
  return text.length < end
    ? undefined
    : { status: Number(text.slice(9, 12)), body: text.slice(start, end), end }
}
