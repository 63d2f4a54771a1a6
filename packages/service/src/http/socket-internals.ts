import type { Socket } from 'node:net'

// The part of Node's sockets that we use and its types lack. Held by slow-requests.test.ts, also over TLS.
interface Handle {
  readonly writeQueueSize?: number
  /** Of a handle of TLS: that of the connection below it. Its own size falls only with whole pieces. */
  readonly _parent?: Handle
}

/**
 * Bytes of the piece that is being written which the system has not taken. `writableLength` counts a piece
 * until all of it is taken; the time-out of Node's own sockets goes by this.
 */
export function queuedBytesOf(socket: Socket): number {
  const { _handle: handle } = socket as { _handle?: Handle | null }
  return (handle?._parent ?? handle)?.writeQueueSize ?? 0
}
