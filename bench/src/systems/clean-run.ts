import { type Cleanup, createCleanup } from './cleanup.ts'

const EXIT_FAILED = 1

/**
 * Runs a program of the bench. What it has started is stopped at its end, also when a signal or an exception
 * that nobody caught ends it. Prints a failure's sentence.
 */
export async function cleanRun(main: (cleanup: Cleanup) => Promise<void>): Promise<void> {
  const cleanup = createCleanup()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void cleanup.run())
  cleanUpAfterFaults(cleanup)
  try {
    await main(cleanup)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = EXIT_FAILED
  } finally {
    await cleanup.run()
  }
}

/**
 * An exception that nobody caught, or a rejection, ends the process as ever, but only after everything that
 * was started has stopped. A Redis would go on running.
 */
export function cleanUpAfterFaults(cleanup: Pick<Cleanup, 'run'>, host: Host = process): void {
  // A rejection that nobody handles comes here too.
  host.on('uncaughtException', (error: Error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    void cleanup.run().then(() => host.exit(EXIT_FAILED))
  })
}

/** The process; tests have one of their own. */
interface Host {
  on(event: 'uncaughtException', listener: (error: Error) => void): unknown
  exit(code: number): unknown
}
