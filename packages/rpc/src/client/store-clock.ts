import { DEADLINE_HEADER, STORE_TIME_HEADER } from '../deadline.ts'
import { createRemoteClock } from '../remote-clock.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** The store's clock as the gateway knows it: from the replies of persistence. */
export interface StoreClock {
  /** Learns from a reply. */
  learn(headers: Headers): void
  /**
   * Deadline header for a caller that waits `ms` from now. A call that arrives after it writes nothing.
   * Fetches the store's time first if it is unknown, as before the first call.
   */
  deadline(ms: number): Promise<Record<string, string>>
}

/** Bound on the drift between the two clocks while a sample is used. */
const DRIFT_MS = 50

/** @param ask makes a call to persistence, whose reply has the time. It throws when the call fails. */
export function createStoreClock(ask: () => Promise<unknown>): StoreClock {
  const clock = createRemoteClock()
  let asking: Promise<unknown> | undefined
  return {
    learn(headers) {
      const time = headers[STORE_TIME_HEADER]
      if (typeof time === 'string') clock.learn(Number(time))
    },
    async deadline(ms) {
      const until = performance.now() + ms - DRIFT_MS
      if (clock.now() === undefined) {
        asking ??= ask().finally(() => {
          asking = undefined
        })
        await asking
      }
      const now = clock.now()
      // An older persistence without deadlines does not send its time.
      if (now === undefined) return {}
      return { [DEADLINE_HEADER]: String(Math.floor(now + until - performance.now())) }
    },
  }
}
