// Not the global object: tests with a fake clock replace it, and the fake reports no utilization.
import { performance } from 'node:perf_hooks'

/**
 * Returns a function that answers how much of the time since its last call the event loop has worked, 0 to 1.
 */
export function measureBusyShare(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  }
}
