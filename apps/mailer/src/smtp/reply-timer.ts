import type { Socket } from 'node:net'

/**
 * The timeout of a reply. A socket's own timeout starts again with each byte, so a relay that sends a reply
 * byte by byte could hold a mail, its connection and its place for months. This needs no timer of its own:
 * the reader of each piece of a reply asks whether the time has passed.
 */
export interface ReplyTimer {
  start(ms: number): void
  /** Another reply is awaited, for as long as the one before. */
  restart(): void
  hasPassed(): boolean
}

/** A reply that comes in pieces may take twice the time: the last piece may be followed by silence. */
export function createReplyTimer(socket: Pick<Socket, 'setTimeout'>): ReplyTimer {
  let timeoutMs = 0
  let startedAtMs = 0
  const restart = () => {
    startedAtMs = performance.now()
  }
  return {
    start(ms) {
      timeoutMs = ms
      restart()
      socket.setTimeout(ms)
    },
    restart,
    hasPassed: () => performance.now() - startedAtMs >= timeoutMs,
  }
}
