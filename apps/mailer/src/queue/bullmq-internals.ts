import type { Worker } from 'bullmq'

// BullMQ checks for stalled jobs by a timer of its own, and has no public way to do so once. Everything that
// uses more than its documented interface is in this file, and a test of the queue fails when an update
// changes it.

/**
 * Moves jobs whose lock has run out back to those that wait. Jobs that run now are remembered: only such a
 * job is moved, by a later check.
 */
export function stalledCheckOf(worker: Worker): () => Promise<void> {
  const internal = worker as unknown as { moveStalledJobsToWait(): Promise<void> }
  return () => internal.moveStalledJobsToWait()
}
