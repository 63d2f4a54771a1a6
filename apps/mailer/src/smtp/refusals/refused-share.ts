import type { RelayAnswer } from '../hand-over.ts'

/** A part of the limits of a relay (relay-limits.ts). */
export interface RefusedShareLimits {
  readonly refusalsToOpen: number
  readonly unknownToOpen: number
  readonly firstTrialMs: number
  readonly lastTrialMs: number
}

/**
 * Detects a relay that refuses everybody. It still answers, so the circuit breaker for faults does not see
 * it. Such a relay gets one mail at a time as a trial. Other mails go to the next relay or wait.
 */
export interface RefusedShare {
  readonly isOpen: boolean
  /** Whether a mail may go to the relay now. While it refuses, one mail may when a trial is due. */
  mayTry(): boolean
  /** Records the relay's answer for a recipient. True when it now counts as refusing everybody. */
  judged(recipient: string, answer: Pick<RelayAnswer, 'outcome' | 'refusal'>): boolean
}

/** @param now milliseconds of a monotonic clock */
export function createRefusedShare(limits: RefusedShareLimits, now = () => performance.now()): RefusedShare {
  const unknown = new Set<string>()
  let refusedInRow = 0
  let isOpen = false
  let trialAtMs = 0
  let pauseMs = limits.firstTrialMs

  function close(): void {
    // After each mail that is sent. Even an empty Set gets a new table when it is cleared.
    if (unknown.size > 0) unknown.clear()
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
      // No other mail tries until this trial is judged, or its answer is later than the next trial.
      trialAtMs = now() + pauseMs
      return true
    },
    judged(recipient, { outcome, refusal }) {
      if (outcome === 'sent') {
        close()
        return false
      }
      // Temporary or absent refusals prove nothing. A full mailbox proves that the relay takes mail.
      if (refusal === undefined || refusal === 'temporary' || refusal === 'mailbox-full') return false
      if (refusal === 'recipient') unknown.add(recipient)
      else refusedInRow++
      if (refusedInRow < limits.refusalsToOpen && unknown.size < limits.unknownToOpen) return false
      return open()
    },
  }
}
