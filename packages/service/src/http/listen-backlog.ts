import type { Server } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Limit for a server that new connections keep coming to. */
const MOST_MS = 1000

/**
 * Accepts the connections that wait in the kernel. It would reset them when the listener closes, with the
 * requests that they carry. A turn of the event loop accepts one at a time, so it takes as many turns.
 */
export async function emptyBacklog(server: Server): Promise<void> {
  let accepted = 0
  const count = () => {
    accepted += 1
  }
  server.on('connection', count)
  const end = performance.now() + MOST_MS
  // To the end of this turn, which may have polled before.
  await nextTurn()
  do {
    accepted = 0
    await nextTurn()
  } while (accepted > 0 && performance.now() < end)
  server.off('connection', count)
}
