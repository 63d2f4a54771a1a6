import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import type { MessageIndex } from '../message-state/message-index.ts'
import type { DeliveryMetrics } from './delivery-metrics.ts'
import type { RetryQueue } from './retry-queue.ts'

/** While messages are under way. The next look otherwise comes before a claim made after this one can end. */
const LOOK_EVERY_MS = 1000
const AT_ONCE = 200
/**
 * When Redis comes back, each mailer is given this long to record how its attempts ended meanwhile. Before
 * that it gives up a silent connection and opens another, each of which takes up to a second.
 */
const QUIET_AFTER_FAULT_MS = 3000
const LOG_LINES = {
  trouble: 'messages of dead mailers cannot be looked for, and wait: look at the Redis of the mailer',
  over: 'messages of dead mailers are looked for again',
}

/** Finds messages whose mailer died in an attempt and queues them. */
export function takeOverOrphans(options: {
  readonly index: Pick<MessageIndex, 'orphans' | 'firstLeaseEndMs' | 'forget'>
  readonly queue: Pick<RetryQueue, 'add'>
  readonly metrics: Pick<DeliveryMetrics, 'tookOver'>
  /** Unix milliseconds. */
  readonly now: () => number
}): ScheduledTask {
  const { index, queue, metrics, now } = options
  let wasDue = false
  return {
    name: 'orphans',
    everyMs: LOOK_EVERY_MS,
    afterFaultMs: QUIET_AFTER_FAULT_MS,
    logLines: LOG_LINES,
    async run({ rest }) {
      const isSecondLook = wasDue
      wasDue = false
      const firstEndMs = await index.firstLeaseEndMs()
      if (firstEndMs === undefined) return rest()
      if (firstEndMs > now()) return rest(firstEndMs - now())
      wasDue = true
      // Redis may have been away since the last look, without a round of this task that failed.
      if (!isSecondLook) return rest(QUIET_AFTER_FAULT_MS)
      for (const name of await index.orphans(AT_ONCE)) {
        await queue.add(name, now())
        await index.forget(name)
        metrics.tookOver()
      }
    },
  }
}
