import { type Cleanup, createCleanup } from './cleanup.ts'

/**
 * Runs a program of the bench. What it has started is stopped at its end, also when a signal ends it. Prints
 * a failure's sentence.
 */
export async function cleanRun(main: (cleanup: Cleanup) => Promise<void>): Promise<void> {
  const cleanup = createCleanup()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void cleanup.run())
  try {
    await main(cleanup)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  } finally {
    await cleanup.run()
  }
}
