import type { Deliver } from './deliver.ts'
import type { MessageIndex } from './message-index.ts'
import type { MessageStore } from './message-store.ts'
import type { Retry } from './retry-queue.ts'

/** When somebody else is still at a message, it is looked at again after so long. */
const STILL_TAKEN_MS = 2000

/** Makes the attempt that a queued message waits for, and says when the next one is due. */
export function createRetry(
  store: Pick<MessageStore, 'request' | 'find'>,
  index: Pick<MessageIndex, 'forget' | 'reached'>,
  deliver: Pick<Deliver, 'now'>,
  now: () => number,
): Retry {
  return async (name) => {
    const request = await store.request(name)
    if (request === undefined) {
      await index.forget(name)
      return 'done'
    }
    const record = await deliver.now(request, true)
    if (record.state === 'queued') return { againAtMs: now() + STILL_TAKEN_MS }
    if (record.nextAttemptAtMs !== null) return { againAtMs: record.nextAttemptAtMs }
    // Also of a message that was settled by somebody who died before the lists were written.
    if (record.attempts > 0) await index.reached(name, record.state)
    return 'done'
  }
}
