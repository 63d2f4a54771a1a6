// The global object is replaced in tests whose clock stands still, and then tells no utilization.
import { performance } from 'node:perf_hooks'

/** Answers at each call the share of the time since the last one that the event loop has worked, 0 to 1. */
export function measureBusyShare(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  }
}
