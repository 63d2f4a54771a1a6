import { setTimeout as wait } from 'node:timers/promises'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { Caller } from '../../access/caller.ts'
import { nameOf, ownerOf } from '../../access/owner.ts'

/** Limits on concurrent reads that cause work. */
export interface ReadLimits {
  readonly atOnce: number
  /** Of all keys of a tenant together, of one admin's key, or of one session. */
  readonly perCaller: number
  /** Waiting ones of the same. One more is refused. */
  readonly waitingPerCaller: number
  /** Delay of a refusal, so that a caller who retries at once causes no more work than one who waits. */
  readonly refusedAfterMs: number
  /** Bound of delayed refusals. Beyond it a refusal is sent at once. */
  readonly maxHeldRefusals: number
}

/** The limits of one gateway. */
export const READ_LIMITS: ReadLimits = {
  atOnce: 8,
  perCaller: 2,
  waitingPerCaller: 32,
  refusedAfterMs: 1000,
  maxHeldRefusals: 1000,
}

/** Runs reads in turns. */
export interface ReadTurns {
  /** @throws {ProblemError} `unavailable` when the caller has too many that wait. */
  run<Result>(caller: Caller | undefined, read: () => Promise<Result>): Promise<Result>
}

interface Line {
  running: number
  readonly waiting: (() => void)[]
}

/** Callers take turns, so that one with many reads delays its own and nobody else's. */
export function createReadTurns(limits: Partial<ReadLimits> = {}): ReadTurns {
  const { atOnce, perCaller, waitingPerCaller, refusedAfterMs, maxHeldRefusals } = {
    ...READ_LIMITS,
    ...limits,
  }
  /** In the order of their last turns. */
  const lines = new Map<string, Line>()
  let running = 0
  let heldRefusals = 0

  /** The caller with the fewest reads under way is next; among equals, the one that waited longest. */
  const nextLine = (): [string, Line] | undefined => {
    let next: [string, Line] | undefined
    for (const entry of lines) {
      const [, line] = entry
      if (line.waiting.length === 0 || line.running >= perCaller) continue
      if (next === undefined || line.running < next[1].running) next = entry
    }
    return next
  }

  const startNext = () => {
    while (running < atOnce) {
      const next = nextLine()
      if (next === undefined) return
      const [name, line] = next
      running += 1
      line.running += 1
      lines.delete(name)
      lines.set(name, line)
      line.waiting.shift()?.()
    }
  }

  return {
    async run(caller, read) {
      const name = caller === undefined ? '' : nameOf(ownerOf(caller))
      const line = lines.get(name) ?? { running: 0, waiting: [] }
      lines.set(name, line)
      if (line.waiting.length >= waitingPerCaller) {
        if (heldRefusals < maxHeldRefusals) {
          heldRefusals += 1
          await wait(refusedAfterMs, undefined, { ref: false })
          heldRefusals -= 1
        }
        const message = `${waitingPerCaller} reads of this tenant or admin are waiting already.`
        throw new ProblemError('unavailable', message, { retryAfterSeconds: 1 })
      }
      await new Promise<void>((start) => {
        line.waiting.push(start)
        startNext()
      })
      try {
        return await read()
      } finally {
        running -= 1
        line.running -= 1
        if (line.running === 0 && line.waiting.length === 0) lines.delete(name)
        startNext()
      }
    },
  }
}
