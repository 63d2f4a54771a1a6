import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import type { RetryQueue } from './retry-queue.ts'

const EVERY_MS = 5000

/**
 * BullMQ goes by the clock of each mailer. What one added before its clock was set back would wait until that
 * has caught up.
 */
export function promoteMisplaced(queue: Pick<RetryQueue, 'promoteMisplaced'>): ScheduledTask {
  return {
    name: 'misplaced-retries',
    everyMs: EVERY_MS,
    logLines: {
      trouble: 'the times of waiting mails cannot be looked at: look at the Redis of the mailer',
      over: 'the times of waiting mails are looked at again',
    },
    async run({ rest }) {
      if ((await queue.promoteMisplaced()) === 0) rest()
    },
  }
}
