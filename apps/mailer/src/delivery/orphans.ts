import type { Logger } from '@emailauth/service/logger'
import { createTroubleLog } from '@emailauth/service/trouble-log'
import type { MessageIndex } from '../message-state/message-index.ts'
import type { DeliveryMetrics } from './delivery-metrics.ts'
import type { RetryQueue } from './retry-queue.ts'

const LOOK_EVERY_MS = 1000
const AT_ONCE = 200
/** When Redis comes back, each mailer is given this long to record how its attempts ended meanwhile. */
const QUIET_AFTER_FAULT_MS = 2000
const WORDS = {
  trouble: 'messages of dead mailers cannot be looked for, and wait: look at the Redis of the mailer',
  over: 'messages of dead mailers are looked for again',
}

/** Finds messages whose mailer died in an attempt and queues them. Returns a function that stops it. */
export function takeOverOrphans(options: {
  readonly index: Pick<MessageIndex, 'orphans' | 'forget'>
  readonly queue: Pick<RetryQueue, 'add'>
  readonly metrics: Pick<DeliveryMetrics, 'tookOver'>
  readonly logger: Logger | undefined
  /** Unix milliseconds. */
  readonly now: () => number
}): () => Promise<void> {
  const { index, queue, metrics, logger, now } = options

  const trouble = createTroubleLog(logger, WORDS)
  let quietUntilMs = 0

  async function look(): Promise<void> {
    if (now() < quietUntilMs) return
    try {
      for (const name of await index.orphans(AT_ONCE)) {
        await queue.add(name, now())
        await index.forget(name)
        metrics.tookOver()
      }
      trouble.well()
    } catch (error) {
      quietUntilMs = now() + QUIET_AFTER_FAULT_MS
      trouble.fault({ err: error })
    }
  }

  let looking = Promise.resolve()
  let stopped = false
  const timer = setInterval(() => {
    looking = looking.then(() => (stopped ? undefined : look()))
  }, LOOK_EVERY_MS)
  timer.unref()
  return async () => {
    stopped = true
    clearInterval(timer)
    await looking
  }
}
