import { UnsealError } from '@emailauth/secrets/seal'
import { ProblemError } from '@emailauth/service/problem-error'
import { readPartitionKey } from './metadata.ts'
import type { StoreContext } from './partition.ts'

/** How long an answer counts, because a stranger's key makes a call ask. */
export const SAME_STORE_FOR_MS = 1000

/**
 * Checks that Redis still has the store which this process opened. After a start without its files, or a
 * failover to an empty replica, nothing that is not found there was ever unknown: no key, no session.
 * @throws {ProblemError} `unavailable` when it has none, or another one.
 */
export type RequireSameStore = () => Promise<void>

/** @param now monotonic milliseconds */
export function createRequireSameStore(
  { redis, ring, partitionKey }: Pick<StoreContext, 'redis' | 'ring' | 'partitionKey'>,
  now: () => number = () => performance.now(),
): RequireSameStore {
  async function check(): Promise<void> {
    try {
      if ((await readPartitionKey(redis, ring))?.equals(partitionKey)) return
    } catch (error) {
      // A process with a newer ring may have sealed it again.
      if (error instanceof UnsealError) return
      throw error
    }
    throw new ProblemError('unavailable', OTHER_STORE)
  }

  let last: { readonly atMs: number; readonly checked: Promise<void> } | undefined
  return () => {
    if (last === undefined || now() - last.atMs >= SAME_STORE_FOR_MS) last = { atMs: now(), checked: check() }
    return last.checked
  }
}

const OTHER_STORE =
  'Redis has lost the data of this store, or has those of another: restore them, or restart persistence to begin with what is there.'
