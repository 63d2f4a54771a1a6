import { setMaxListeners } from 'node:events'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { AT_REST_MS, pauseUnlessAborted as pause } from './aligned-timer.ts'
import type { Changes } from './changes.ts'
import { followSignal } from './follow-signal.ts'

/** Answers as soon as there is something, so that callers need not ask again and again. */
export type LongPoll = <Found>(reply: FastifyReply, question: Question<Found>) => Promise<Found>

interface Question<Found> {
  readonly look: () => Promise<Found>
  readonly isEmpty: (found: Found) => boolean
  /** How long the reply may wait. 0 or absent: it does not. */
  readonly waitSeconds?: number | undefined
  /** Notifies when a look is worth it. Other changes are found up to {@link AT_REST_MS} later. */
  readonly changes: Pick<Changes, 'subscribe'>
  /** Whether to look each second even without a notification. */
  readonly isRestless?: () => boolean
}

/** At most this often it looks while a caller waits. */
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

  return async (reply, { look, isEmpty, waitSeconds = 0, changes, isRestless = () => false }) => {
    const gone = new AbortController()
    const { signal } = gone
    reply.raw.once('close', () => gone.abort())
    const unfollow = followSignal(gone, closing.signal)
    const change = nextChange(changes)
    try {
      const until = performance.now() + waitSeconds * 1000
      let found = await look()
      while (isEmpty(found) && !signal.aborted) {
        const leftMs = until - performance.now()
        if (leftMs <= 0) break
        // A caller that waits long is answered with others of its kind, up to AT_REST_MS too soon.
        if (!isRestless() && leftMs < AT_REST_MS && waitSeconds * 1000 > 2 * AT_REST_MS) break
        if (isRestless()) await pause(Math.min(LOOK_EVERY_MS, leftMs), signal)
        else await change.within(leftMs, signal)
        change.forget()
        if (!signal.aborted) found = await look()
      }
      return found
    } finally {
      change.end()
      unfollow()
    }
  }
}

/** Notes the changes since the last look. */
function nextChange(changes: Question<unknown>['changes']) {
  let hasCome = false
  let wake = () => {}
  const end = changes.subscribe(() => {
    hasCome = true
    wake()
  })

  async function untilChange(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const unfollow = followSignal(over, signal)
    wake = () => over.abort()
    await pause(ms, over.signal, 'at the latest')
    wake = () => {}
    unfollow()
  }

  return {
    end,
    forget() {
      hasCome = false
    },
    /**
     * Waits for a change since the last look, at most for the given time. A change that comes at once waits
     * until {@link LOOK_EVERY_MS}, so that many have one look.
     */
    async within(leftMs: number, signal: AbortSignal): Promise<void> {
      const lookedAt = performance.now()
      if (!hasCome) await untilChange(Math.min(AT_REST_MS, leftMs), signal)
      const soonMs = lookedAt + LOOK_EVERY_MS - performance.now()
      if (hasCome && soonMs > 0) await pause(Math.min(soonMs, leftMs), signal)
    },
  }
}
