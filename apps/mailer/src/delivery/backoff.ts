/**
 * Pauses in seconds after each attempt. The last one repeats. They are short, because a person is waiting.
 */
const PAUSES_SECONDS = [2, 4, 8, 15, 30] as const
/** With less time than this left, no further attempt is made. */
const LEAST_PAUSE_MS = 1000

/**
 * Time of the next attempt in Unix milliseconds: a growing pause ± 25 %, so that mails which failed together
 * do not return together. If the number expires before that, the attempt comes half way to its expiry.
 * Undefined when too little time is left.
 */
export function nextAttemptAtMs(
  attempts: number,
  nowMs: number,
  expiresAtMs: number,
  random = Math.random(),
): number | undefined {
  const seconds = PAUSES_SECONDS[Math.min(attempts, PAUSES_SECONDS.length) - 1] ?? PAUSES_SECONDS[0]
  return beforeExpiry(seconds * 1000 * (0.75 + random / 2), nowMs, expiresAtMs)
}

/** The end of a pause, if it is too long half way to the expiry. Undefined when too little time is left. */
export function beforeExpiry(pauseMs: number, nowMs: number, expiresAtMs: number): number | undefined {
  const remainingMs = expiresAtMs - nowMs
  if (pauseMs < remainingMs - LEAST_PAUSE_MS) return Math.round(nowMs + pauseMs)
  return remainingMs / 2 < LEAST_PAUSE_MS ? undefined : Math.round(nowMs + remainingMs / 2)
}
