/** Pauses after the first, second, … attempt, in seconds; the last one goes on. A person is waiting, so they are short. */
const PAUSES_SECONDS = [2, 4, 8, 15, 30] as const
/** Below this no further attempt is worth its while. */
const LEAST_PAUSE_MS = 1000

/**
 * When to try again, Unix milliseconds: a growing pause with up to a quarter more or less of it, so that mails which failed
 * together do not come back together. When the number dies before that, half way there. Undefined: it is as good as dead.
 */
export function nextAttemptAtMs(
  attempts: number,
  nowMs: number,
  expiresAtMs: number,
  random = Math.random(),
): number | undefined {
  const seconds = PAUSES_SECONDS[Math.min(attempts, PAUSES_SECONDS.length) - 1] ?? PAUSES_SECONDS[0]
  const pauseMs = seconds * 1000 * (0.75 + random / 2)
  const remainingMs = expiresAtMs - nowMs
  const fitting = pauseMs < remainingMs - LEAST_PAUSE_MS ? pauseMs : remainingMs / 2
  return fitting < LEAST_PAUSE_MS ? undefined : Math.round(nowMs + fitting)
}
