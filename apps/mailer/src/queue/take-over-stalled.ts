import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import type { JobQueue } from './job-queue.ts'

const EVERY_MS = 1000

/**
 * Looks for jobs of dead mailers each second while any mailer works on jobs. Otherwise it looks before a lock
 * taken after the last look can run out.
 */
export function takeOverStalled(
  name: 'stalled-retries' | 'stalled-webhooks',
  queue: Pick<JobQueue<never>, 'takeOverStalled'>,
): ScheduledTask {
  return {
    name,
    everyMs: EVERY_MS,
    logLines: {
      trouble: 'jobs of dead mailers cannot be looked for, and wait: look at the Redis of the mailer',
      over: 'jobs of dead mailers are looked for again',
    },
    async run({ rest }) {
      if ((await queue.takeOverStalled()) === 'idle') rest()
    },
  }
}
