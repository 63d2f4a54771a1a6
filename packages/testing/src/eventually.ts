import { setTimeout as wait } from 'node:timers/promises'

const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 100

/** For a program that a test starts: a machine on which many start at once may need most of a minute. */
export const START_MS = 60_000

/**
 * Runs `check` again and again until it does not throw, at first every 20 ms, later every 100: on a busy
 * machine the checks themselves would keep others waiting. After `withinMs` its last error is thrown.
 */
export async function eventually<T>(check: () => Promise<T> | T, withinMs = 30_000): Promise<T> {
  const deadline = Date.now() + withinMs
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.2, LONGEST_PAUSE_MS)) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await wait(pauseMs)
    }
  }
}
