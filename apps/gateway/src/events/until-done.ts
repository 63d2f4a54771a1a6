import type { setTimeout as wait } from 'node:timers/promises'
import type { TroubleLog } from '@emailauth/service/logging/trouble-log'
import { jittered } from '@emailauth/service/timing/jittered'

/** Repeats what fails, with a pause, until it works or is stopped. */
export type UntilDone = <Result>(work: () => Promise<Result>, signal: AbortSignal) => Promise<Result>

/** Half of it is random, because all gateways lose persistence at the same moment. */
const RETRY_MS = 250

export function createUntilDone(trouble: Pick<TroubleLog, 'fault'>, pause: typeof wait): UntilDone {
  return async (work, signal) => {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        signal.throwIfAborted()
        trouble.fault({ err: error })
        await pause(jittered(RETRY_MS / 2, RETRY_MS), undefined, { signal })
      }
    }
  }
}
