import type { Queue, Worker } from 'bullmq'

// BullMQ has no public way to check once for stalled jobs, or to see when a job is due. Everything that uses
// more than its documented interface is in this file, and a test of the queue fails when an update changes
// it.

/**
 * Moves jobs whose lock has run out back to those that wait. Jobs that run now are remembered: only such a
 * job is moved, by a later check.
 */
export function stalledCheckOf(worker: Worker): () => Promise<void> {
  const internal = worker as unknown as { moveStalledJobsToWait(): Promise<void> }
  return () => internal.moveStalledJobsToWait()
}

/** Scores of delayed jobs hold their time above these bits. */
const SCORES_OF_A_MOMENT = 0x1000

/**
 * When the first delayed job is due, in Unix milliseconds. undefined: there is none. The `delay` of a job
 * that was put back counts from then, and the job does not say when that was.
 */
export async function firstDueAtMs<Data>(queue: Queue<Data>): Promise<number | undefined> {
  const client = await queue.backend.client
  const [, score] = await client.zrange(queue.toKey('delayed'), 0, 0, { WITHSCORES: true })
  return score === undefined ? undefined : Math.floor(Number(score) / SCORES_OF_A_MOMENT)
}

/** Ids of delayed jobs that are due after a moment in Unix milliseconds: of the `most` last ones. */
export async function idsDueAfter<Data>(
  queue: Queue<Data>,
  moment: number,
  most: number,
): Promise<readonly string[]> {
  const client = await queue.backend.client
  const last = await client.zrange(queue.toKey('delayed'), -most, -1, { WITHSCORES: true })
  const isLater = (score: string | undefined) => Number(score) / SCORES_OF_A_MOMENT > moment
  return last.filter((_, at) => at % 2 === 0 && isLater(last[at + 1]))
}
