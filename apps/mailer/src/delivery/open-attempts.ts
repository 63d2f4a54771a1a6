import type { MessageName } from './message-name.ts'
import { LEASE_MS } from './message-store.ts'

/** Attempts that this mailer is making. */
export interface OpenAttempts {
  /** Lets the work run, keeps its claim alive, and aborts the signal when the work takes longer than it may. */
  run<T>(name: MessageName, withinMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Aborts all that run. */
  cut(): void
}

interface Attempt {
  readonly name: MessageName
  readonly giveUp: AbortController
  readonly giveUpAtMs: number
  renewAtMs: number
}

const LOOK_EVERY_MS = 200
const RENEW_AFTER_MS = LEASE_MS / 3

/** One timer looks after all attempts: a timer or two for each would cost more than most attempts last. */
export function createOpenAttempts(renew: (name: MessageName) => void): OpenAttempts {
  const attempts = new Set<Attempt>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const nowMs = performance.now()
    for (const attempt of attempts) {
      if (nowMs >= attempt.giveUpAtMs) attempt.giveUp.abort()
      if (nowMs < attempt.renewAtMs) continue
      attempt.renewAtMs = nowMs + RENEW_AFTER_MS
      renew(attempt.name)
    }
    if (attempts.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    async run(name, withinMs, work) {
      const nowMs = performance.now()
      const giveUp = new AbortController()
      const attempt = {
        name,
        giveUp,
        giveUpAtMs: nowMs + withinMs,
        renewAtMs: nowMs + RENEW_AFTER_MS,
      }
      attempts.add(attempt)
      timer ??= setInterval(look, LOOK_EVERY_MS)
      try {
        return await work(giveUp.signal)
      } finally {
        attempts.delete(attempt)
      }
    },
    cut() {
      for (const { giveUp } of attempts) giveUp.abort()
    },
  }
}
