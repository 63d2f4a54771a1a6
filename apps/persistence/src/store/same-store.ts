import { ProblemError } from '@emailauth/service/http/problem-error'
import { readStoreId } from './metadata.ts'
import type { StoreContext } from './partition.ts'

/**
 * Checks that Redis still has the store which this process opened. After a start without its files, or a
 * failover to an empty replica, nothing that is not found there was ever unknown: no key, no session. Call it
 * after the lookup. An answer from before may be that of a connection to the former Redis, so none is kept.
 * @throws {ProblemError} `unavailable` when it has none, or another one.
 */
export type RequireSameStore = () => Promise<void>

export function createRequireSameStore({
  redis,
  storeId,
}: Pick<StoreContext, 'redis' | 'storeId'>): RequireSameStore {
  return async () => {
    if ((await readStoreId(redis)) !== storeId) throw new ProblemError('unavailable', OTHER_STORE)
  }
}

const OTHER_STORE =
  'Redis has lost the data of this store, or has those of another: restore a backup before persistence is started again. A start begins a new store, in which all API keys and sessions of the lost one are wrong.'
