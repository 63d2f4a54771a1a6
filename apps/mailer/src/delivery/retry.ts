import type { MessageIndex } from '../message-state/message-index.ts'
import type { MessageStore } from '../message-state/message-store.ts'
import type { OutcomeList } from '../outcomes/outcome-list.ts'
import type { Deliver } from './deliver.ts'
import type { Retry } from './retry-queue.ts'

/** When somebody else is still at a message, it is looked at again after so long. */
const STILL_TAKEN_MS = 2000

/**
 * Makes the attempt that a queued message waits for, and says when the next one is due. How it ended is handed on before the job is done, so that a mailer
 * that dies in between leaves it to the next one.
 */
export function createRetry(
  store: Pick<MessageStore, 'request' | 'find'>,
  index: Pick<MessageIndex, 'forget' | 'reached'>,
  deliver: Pick<Deliver, 'now'>,
  outcomes: Pick<OutcomeList, 'add'>,
  now: () => number,
): Retry {
  return async (name) => {
    const request = await store.request(name)
    if (request === undefined) {
      const over = await store.find(name)
      if (over !== undefined) await outcomes.add(name, over.state)
      await index.forget(name)
      return 'done'
    }
    const record = await deliver.now(request, true)
    if (record.state === 'queued') return { againAtMs: now() + STILL_TAKEN_MS }
    if (record.nextAttemptAtMs !== null) return { againAtMs: record.nextAttemptAtMs }
    await outcomes.add(name, record.state)
    // Also of a message that was settled by somebody who died before the lists were written.
    if (record.attempts > 0) await index.reached(name, record.state)
    return 'done'
  }
}
