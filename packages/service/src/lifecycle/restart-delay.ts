import { jittered } from '../timing/jittered.ts'

const FIRST_MS = 200
const LONGEST_MS = 30_000
/** A process that ran this long was healthy. Its end says nothing about the next one. */
export const WELL_AFTER_MS = 60_000

/**
 * How long a process waits until it is started again: at once after a rare death, ever longer after many.
 * Half of it is random, because what ends one process, such as a store that is gone, ends all of them.
 */
export function restartDelayMs(deathsInARow: number, random?: () => number): number {
  const mostMs = Math.min(FIRST_MS * 2 ** (deathsInARow - 1), LONGEST_MS)
  return jittered(mostMs / 2, mostMs, random)
}
