import { setTimeout as wait } from 'node:timers/promises'

/** Runs `check` every 20 ms until it does not throw. After `withinMs` its last error is thrown. */
export async function eventually<T>(check: () => Promise<T> | T, withinMs = 15_000): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await wait(20)
    }
  }
}
