import { setTimeout as wait } from 'node:timers/promises'

/** Asks again every 20 ms until `check` answers without throwing; after `withinMs` its last error is thrown. */
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
