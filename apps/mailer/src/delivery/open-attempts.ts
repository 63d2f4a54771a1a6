import { AT_DOT_LEASE_MS, LEASE_MS } from '../message-state/leases.ts'
import type { MessageName } from '../message-state/message-name.ts'
import { CutOff } from '../smtp/cut-off.ts'

/** The attempts that this mailer makes now. */
export interface OpenAttempts {
  /**
   * Keeps the claim alive from now on. The attempt is aborted when its time is up or the claim is lost.
   * @param claimedAtMs when the claim was requested, `performance.now()`
   */
  begin(name: MessageName, claimedAtMs: number, withinMs: number): OpenAttempt
  end(attempt: OpenAttempt): void
  /** Cuts all attempts, even those whose mail a relay may already have. */
  cut(): void
}

/** An attempt under way. Times are of `performance.now()`. */
export interface OpenAttempt {
  readonly name: MessageName
  readonly cutOff: CutOff
  readonly giveUpAtMs: number
  renewAtMs: number
  /** Index in the array of attempts. */
  at: number
}

const LOOK_EVERY_MS = 200
const RENEW_AFTER_MS = LEASE_MS / 3

/**
 * Watches all attempts with one timer. One or two timers for each would cost more than most attempts.
 * @param renew asks for a lease of this length. False: the claim is no longer ours.
 */
export function createOpenAttempts(
  renew: (name: MessageName, leaseMs: number) => Promise<boolean>,
): OpenAttempts {
  // An array, not a Set: a Set that grows and shrinks all the time leaves old tables behind. Each of them
  // holds its mails (8 kB apiece) until a full garbage collection.
  const attempts: OpenAttempt[] = []
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const nowMs = performance.now()
    // An attempt that is cut may end at once, and another one takes its index.
    for (const attempt of [...attempts]) {
      const { cutOff } = attempt
      if (nowMs >= attempt.giveUpAtMs || nowMs >= cutOff.claimedUntilMs) cutOff.cut()
      if (nowMs < attempt.renewAtMs) continue
      attempt.renewAtMs = nowMs + RENEW_AFTER_MS
      void prolong(attempt, nowMs)
    }
    if (attempts.length > 0) return
    clearInterval(timer)
    timer = undefined
  }

  /** A silent Redis does not end the claim before its lease runs out. */
  async function prolong({ name, cutOff }: OpenAttempt, askedAtMs: number): Promise<void> {
    const leaseMs = cutOff.isAtDot ? AT_DOT_LEASE_MS : LEASE_MS
    const isOurs = await renew(name, leaseMs).catch(() => undefined)
    if (isOurs === true) cutOff.claimedUntilMs = Math.max(cutOff.claimedUntilMs, askedAtMs + leaseMs)
    else if (isOurs === false) cutOff.cut()
  }

  return {
    begin(name, claimedAtMs, withinMs) {
      const nowMs = performance.now()
      const cutOff = new CutOff()
      cutOff.claimedUntilMs = claimedAtMs + LEASE_MS
      const attempt = {
        name,
        cutOff,
        giveUpAtMs: nowMs + withinMs,
        renewAtMs: nowMs + RENEW_AFTER_MS,
        at: attempts.length,
      }
      attempts.push(attempt)
      timer ??= setInterval(look, LOOK_EVERY_MS)
      return attempt
    },
    end({ at }) {
      const last = attempts.pop()
      if (last === undefined || last.at === at) return
      last.at = at
      attempts[at] = last
    },
    cut() {
      for (const { cutOff } of [...attempts]) cutOff.cut(true)
    },
  }
}
