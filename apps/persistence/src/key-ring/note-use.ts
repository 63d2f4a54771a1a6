import type { ScheduledTask } from '@emailauth/service/tasks/scheduler'
import type { KeyRingUse } from './key-ring-use.ts'

/** Records every minute that the newest key is in use. The start itself writes the first record. */
export function noteKeyUse(use: KeyRingUse): ScheduledTask {
  return {
    name: 'key-ring-use',
    everyMs: 60_000,
    run: () => use.note(),
    logLines: { trouble: 'the use of the newest key could not be noted' },
  }
}
