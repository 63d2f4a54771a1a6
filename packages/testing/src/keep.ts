import { onTestFinished } from 'vitest'

/** Stops what the running test started when that test is over, the newest first. */
export function keep<T extends { stop(): Promise<unknown> }>(started: T): T {
  onTestFinished(async () => {
    await started.stop()
  })
  return started
}
