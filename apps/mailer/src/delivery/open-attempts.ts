import type { MessageName } from '../message-state/message-name.ts'
import { LEASE_MS } from '../message-state/message-store.ts'
import { CutOff } from '../smtp/cut-off.ts'

/** Attempts that this mailer is making. */
export interface OpenAttempts {
  /** From now on the claim is kept alive; the attempt is cut off when it takes longer than it may. */
  begin(name: MessageName, withinMs: number): OpenAttempt
  end(attempt: OpenAttempt): void
  /** Cuts all of them off. */
  cut(): void
}

export interface OpenAttempt {
  readonly name: MessageName
  readonly cutOff: CutOff
  readonly giveUpAtMs: number
  renewAtMs: number
  /** Its place among the others. */
  at: number
}

const LOOK_EVERY_MS = 200
const RENEW_AFTER_MS = LEASE_MS / 3

/** One timer looks after all attempts: a timer or two for each would cost more than most attempts last. */
export function createOpenAttempts(renew: (name: MessageName) => void): OpenAttempts {
  // Not a Set: one that is filled and emptied all the time leaves old tables behind, and each of them keeps the mails that stood in it, 8 kB apiece, until
  // the whole heap is collected.
  const attempts: OpenAttempt[] = []
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const nowMs = performance.now()
    // Whoever is cut off may end at once, and another one takes the place.
    for (const attempt of [...attempts]) {
      if (nowMs >= attempt.giveUpAtMs) attempt.cutOff.cut()
      if (nowMs < attempt.renewAtMs) continue
      attempt.renewAtMs = nowMs + RENEW_AFTER_MS
      renew(attempt.name)
    }
    if (attempts.length > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    begin(name, withinMs) {
      const nowMs = performance.now()
      const attempt = {
        name,
        cutOff: new CutOff(),
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
      for (const { cutOff } of [...attempts]) cutOff.cut()
    },
  }
}
