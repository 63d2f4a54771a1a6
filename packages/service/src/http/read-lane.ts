import { ProblemError } from './problem-error.ts'

/** Runs reads of lists and statistics one at a time, so that calls that people wait for come first. */
export interface ReadLane {
  /** @throws {ProblemError} `unavailable` when too many wait, or this one waited too long. */
  run<Result>(read: () => Promise<Result>): Promise<Result>
  /** Wraps a call that has precedence. While such calls arrive, reads get a tenth of the time. */
  first<Args extends unknown[], Result>(call: (...args: Args) => Result): (...args: Args) => Result
}

export interface ReadLaneOptions {
  readonly maxWaiting?: number | undefined
  /** Milliseconds. Default: this process's own clock. */
  readonly now?: () => number
  /** Calls back after this many milliseconds. */
  readonly after?: (ms: number, then: () => void) => void
}

/** Most waiting reads. One more is refused, because its caller would time out before its turn. */
export const MAX_WAITING_READS = 200
/** Shorter than the gateway's time-out of 5 s. */
export const MAX_READ_WAIT_MS = 4000
/** Reads yield for this time after a call with precedence, because more may follow. */
export const YIELD_MS = 1000
/** The pause after a read, as a multiple of its length: reads get half of the time, or a tenth. */
export const PAUSES = { alone: 1, yielding: 9 } as const
export const LONGEST_PAUSE_MS = 1000

export function createReadLane(options: ReadLaneOptions = {}): ReadLane {
  const { maxWaiting = MAX_WAITING_READS, now = () => performance.now(), after = later } = options
  const waiting: (() => void)[] = []
  let isTaken = false
  let lastFirst = Number.NEGATIVE_INFINITY

  const next = () => {
    const start = waiting.shift()
    if (start === undefined) isTaken = false
    else start()
  }
  const pauseAfter = (tookMs: number) => {
    const isYielding = now() - lastFirst < YIELD_MS
    return Math.min(tookMs * (isYielding ? PAUSES.yielding : PAUSES.alone), LONGEST_PAUSE_MS)
  }

  return {
    async run(read) {
      if (waiting.length >= maxWaiting) throw tooMany()
      const askedAt = now()
      if (isTaken) await new Promise<void>((start) => waiting.push(start))
      isTaken = true
      const beganAt = now()
      if (beganAt - askedAt > MAX_READ_WAIT_MS) {
        next()
        throw tooMany()
      }
      try {
        return await read()
      } finally {
        after(pauseAfter(now() - beganAt), next)
      }
    },
    first(call) {
      return (...args) => {
        lastFirst = now()
        return call(...args)
      }
    },
  }
}

function later(ms: number, then: () => void): void {
  setTimeout(then, ms).unref()
}

function tooMany(): ProblemError {
  return new ProblemError('unavailable', 'There are too many long reads.', { retryAfterSeconds: 1 })
}
