import type { setTimeout as wait } from 'node:timers/promises'
import type { TroubleLog } from '@emailauth/service/logging/trouble-log'

/** Repeats what fails, with a pause, until it works or is stopped. */
export type UntilDone = <Result>(work: () => Promise<Result>, signal: AbortSignal) => Promise<Result>

const RETRY_MS = 250

export function createUntilDone(trouble: Pick<TroubleLog, 'fault'>, pause: typeof wait): UntilDone {
  return async (work, signal) => {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        signal.throwIfAborted()
        trouble.fault({ err: error })
        await pause(RETRY_MS, undefined, { signal })
      }
    }
  }
}
