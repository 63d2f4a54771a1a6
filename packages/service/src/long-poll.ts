import { setMaxListeners } from 'node:events'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { pauseUnlessAborted as pause } from './aligned-timer.ts'
import { followSignal } from './follow-signal.ts'

/** Answers as soon as there is something, so that callers need not ask again and again. */
export type LongPoll = <Found>(reply: FastifyReply, question: Question<Found>) => Promise<Found>

interface Question<Found> {
  readonly look: () => Promise<Found>
  readonly isEmpty: (found: Found) => boolean
  /** How long the reply may wait. 0 or absent: it does not. */
  readonly waitSeconds?: number | undefined
}

/** How often it looks while a caller waits. */
const LOOK_EVERY_MS = 1000

/**
 * @param app when it closes, or drains, waiting callers get an empty answer. So does one that has hung up:
 * nothing is handed out that nobody would receive.
 */
export function createLongPoll(app: FastifyInstance): LongPoll {
  const closing = new AbortController()
  // Each waiting caller listens.
  setMaxListeners(0, closing.signal)
  app.addHook('preClose', async () => closing.abort())

  return async (reply, { look, isEmpty, waitSeconds = 0 }) => {
    const gone = new AbortController()
    const { signal } = gone
    reply.raw.once('close', () => gone.abort())
    const unfollow = followSignal(gone, closing.signal)
    try {
      const until = performance.now() + waitSeconds * 1000
      let found = await look()
      while (isEmpty(found) && !signal.aborted) {
        const leftMs = until - performance.now()
        if (leftMs <= 0) break
        await pause(Math.min(LOOK_EVERY_MS, leftMs), signal)
        if (!signal.aborted) found = await look()
      }
      return found
    } finally {
      unfollow()
    }
  }
}
