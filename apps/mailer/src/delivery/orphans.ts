import type { Logger } from '@emailauth/service/logger'
import type { MessageIndex } from '../message-state/message-index.ts'
import type { DeliveryMetrics } from './delivery-metrics.ts'
import type { RetryQueue } from './retry-queue.ts'

const LOOK_EVERY_MS = 1000
const AT_ONCE = 200
/** When Redis comes back, each mailer is given this long to record how its attempts ended meanwhile. */
const QUIET_AFTER_FAULT_MS = 2000

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

  let quietUntilMs = 0

  async function look(): Promise<void> {
    if (now() < quietUntilMs) return
    try {
      for (const name of await index.orphans(AT_ONCE)) {
        await queue.add(name, now())
        await index.forget(name)
        metrics.tookOver()
      }
    } catch (error) {
      quietUntilMs = now() + QUIET_AFTER_FAULT_MS
      logger?.warn({ err: error }, 'messages of dead mailers were not looked for')
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
