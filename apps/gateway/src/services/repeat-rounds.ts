import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '@emailauth/service/logger'
import { createTroubleLog, type TroubleWords } from '@emailauth/service/trouble-log'

export interface RoundsOptions {
  /**
   * Returns true when there may be more, so that the next round follows at once.
   * @param leased call it before you move what was leased. If that fails, a round that finds nothing to
   *   lease does not end the trouble: another gateway, or the lease itself, may keep it back.
   */
  readonly round: (leased: () => void) => Promise<boolean>
  /** Called when a round fails. */
  readonly onFault?: () => void
  readonly words: TroubleWords
  readonly logger: Pick<Logger, 'warn' | 'info'>
  /** How often a service is asked that had nothing. */
  readonly everyMs?: number
  /** Pause after a fault. */
  readonly afterFaultMs?: number
}

const EVERY_MS = 1000
const AFTER_FAULT_MS = 5000
/** Fewer faults in a row are a restart, which nobody needs to look at. */
const FAULTS_LOGGED = 2

/** Repeats rounds, one after the other, until it is stopped. A round that runs then is finished. */
export function repeatRounds(options: RoundsOptions): { stop(): Promise<void> } {
  const { round, onFault, words, logger, everyMs = EVERY_MS, afterFaultMs = AFTER_FAULT_MS } = options
  const log = createTroubleLog(logger, words)
  const stopped = new AbortController()
  let faults = 0
  let isRefused = false

  const runOnce = async (): Promise<number> => {
    let hasLeased = false
    try {
      const more = await round(() => {
        hasLeased = true
      })
      if (hasLeased) isRefused = false
      if (!isRefused) {
        faults = 0
        log.well()
      }
      return more ? 0 : everyMs
    } catch (error) {
      if (hasLeased) isRefused = true
      onFault?.()
      faults += 1
      if (faults >= FAULTS_LOGGED) log.fault({ err: error })
      return afterFaultMs
    }
  }

  const running = (async () => {
    let pauseMs = everyMs
    while (!stopped.signal.aborted) {
      await wait(pauseMs, undefined, { signal: stopped.signal, ref: false }).catch(() => {})
      if (stopped.signal.aborted) return
      pauseMs = await runOnce()
    }
  })()

  return {
    async stop() {
      stopped.abort()
      await running
    },
  }
}
