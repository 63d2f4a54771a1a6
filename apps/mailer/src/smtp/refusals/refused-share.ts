import type { RelayAnswer } from '../hand-over.ts'

export interface RefusedShareLimits {
  readonly refusalsToOpen: number
  readonly unknownToOpen: number
  readonly firstTrialMs: number
  readonly lastTrialMs: number
}

/**
 * Whether a relay refuses everybody: it is reached and answers, so no circuit breaker for faults notices. While it does it gets one
 * mail at a time, as a trial; others go to the next relay or wait.
 */
export interface RefusedShare {
  readonly isOpen: boolean
  /** Whether a mail may go to the relay now; of the mails that ask while it refuses one may, when a trial is due. */
  mayTry(): boolean
  /** Takes in how the relay answered for a recipient. True when this has made it one that refuses everybody. */
  judged(recipient: string, answer: Pick<RelayAnswer, 'outcome' | 'refusal'>): boolean
}

/** @param now milliseconds of any clock that never goes back */
export function createRefusedShare(limits: RefusedShareLimits, now = () => performance.now()): RefusedShare {
  const unknown = new Set<string>()
  let refusedInRow = 0
  let isOpen = false
  let trialAtMs = 0
  let pauseMs = limits.firstTrialMs

  function close(): void {
    unknown.clear()
    refusedInRow = 0
    isOpen = false
    pauseMs = limits.firstTrialMs
  }

  function open(): boolean {
    const wasOpen = isOpen
    if (wasOpen) pauseMs = Math.min(2 * pauseMs, limits.lastTrialMs)
    isOpen = true
    trialAtMs = now() + pauseMs
    return !wasOpen
  }

  return {
    get isOpen() {
      return isOpen
    },
    mayTry() {
      if (!isOpen) return true
      if (now() < trialAtMs) return false
      // Nobody else tries until this one is judged, or its answer is as late as the next trial.
      trialAtMs = now() + pauseMs
      return true
    },
    judged(recipient, { outcome, refusal }) {
      if (outcome === 'sent') {
        close()
        return false
      }
      // What passes, or was never asked, tells nothing about others. A full mailbox tells that the relay takes mail.
      if (refusal === undefined || refusal === 'temporary' || refusal === 'mailbox-full') return false
      if (refusal === 'recipient') unknown.add(recipient)
      else refusedInRow++
      if (refusedInRow < limits.refusalsToOpen && unknown.size < limits.unknownToOpen) return false
      return open()
    },
  }
}
