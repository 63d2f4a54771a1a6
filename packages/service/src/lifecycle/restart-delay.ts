const FIRST_MS = 200
const LONGEST_MS = 30_000
/** A process that ran this long was healthy. Its end says nothing about the next one. */
export const WELL_AFTER_MS = 60_000

/** How long a process waits until it is started again: at once after a rare death, ever longer after many. */
export function restartDelayMs(deathsInARow: number): number {
  return Math.min(FIRST_MS * 2 ** (deathsInARow - 1), LONGEST_MS)
}
