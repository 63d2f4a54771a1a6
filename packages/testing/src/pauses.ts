import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { onTestFinished, vi } from 'vitest'

interface PauseOptions {
  readonly leastMs?: number
  readonly onlyMs?: number
  /** What happens during each pause. */
  readonly meanwhile?: () => Promise<unknown>
}

/**
 * For the rest of a test, pauses of `node:timers/promises` end at once, and `Date.now` goes on by them: by
 * `leastMs` at least, so that a long wait takes few rounds. With `onlyMs` others than these last as ever.
 * @returns their lengths so far, in milliseconds
 */
export function skipPauses({ leastMs = 0, onlyMs, meanwhile }: PauseOptions = {}): readonly number[] {
  const pauses: number[] = []
  let now = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => now)
  const original = timers.setTimeout
  timers.setTimeout = (async (ms: number, value: unknown, options: { signal?: AbortSignal } = {}) => {
    if (onlyMs !== undefined && ms !== onlyMs) return original(ms, value, options)
    options.signal?.throwIfAborted()
    pauses.push(ms)
    await meanwhile?.()
    now += Math.max(ms, leastMs)
    return value
  }) as typeof original
  syncBuiltinESMExports()
  onTestFinished(() => {
    timers.setTimeout = original
    syncBuiltinESMExports()
  })
  return pauses
}
