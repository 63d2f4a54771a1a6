import { ProblemError } from '@emailauth/service/problem-error'

/** Runs a long read in its turn. */
export type ReadLane = <Result>(read: () => Promise<Result>) => Promise<Result>

/** Two, so that one waits for Redis while the other is being put together. */
export const READS_AT_ONCE = 2
/** Beyond so many that wait, one more is refused: its caller would be gone by its turn. */
export const MAX_WAITING_READS = 200
const LONGEST_PAUSE_MS = 100

/**
 * Lists and figures are read a few at a time, and after each the lane pauses for as long as the read took. So however many are asked for, at
 * least half of the time belongs to register and verify, which never wait here.
 */
export function createReadLane(atOnce = READS_AT_ONCE, maxWaiting = MAX_WAITING_READS): ReadLane {
  const waiting: (() => void)[] = []
  let running = 0
  const next = () => {
    const start = waiting.shift()
    if (start === undefined) running -= 1
    else start()
  }
  return async (read) => {
    if (running < atOnce) running += 1
    else if (waiting.length >= maxWaiting)
      throw new ProblemError('unavailable', 'There are too many long reads.', { retryAfterSeconds: 1 })
    else await new Promise<void>((start) => waiting.push(start))
    const began = performance.now()
    try {
      return await read()
    } finally {
      setTimeout(next, Math.min(performance.now() - began, LONGEST_PAUSE_MS)).unref()
    }
  }
}
