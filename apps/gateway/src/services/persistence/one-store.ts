import { STORE_ID_HEADER } from '@emailauth/contracts/store-id'

/**
 * Whether all processes of persistence have the same store. Each works by itself when one of them has
 * another Redis, but valid API keys and right numbers are then wrong now and then.
 */
export interface OneStore {
  /** Learns from the headers of a reply. */
  learn(headers: Readonly<Record<string, string | string[] | undefined>>): void
  /** @throws {Error} when replies came from two stores in turns in the last {@link SEEN_FOR_MS}. */
  check(): void
}

/** Far more than the time between two looks at `/readyz`. So long the fault is shown after its end. */
export const SEEN_FOR_MS = 60_000

/** @param now monotonic milliseconds. */
export function createOneStore(now = () => performance.now()): OneStore {
  let current: string | undefined
  /** Ids that another one followed, and when each was last seen. */
  const former = new Map<string, number>()
  let returnedAtMs = Number.NEGATIVE_INFINITY
  let others: readonly string[] = []
  return {
    learn(headers) {
      const id = headers[STORE_ID_HEADER]
      // A persistence of an earlier version does not send it.
      if (typeof id !== 'string' || id === current) return
      for (const [other, seenAtMs] of former) if (now() - seenAtMs >= SEEN_FOR_MS) former.delete(other)
      // A store that takes the place of another one, as a backup does, is no fault. One that comes back is.
      if (former.delete(id)) {
        returnedAtMs = now()
        others = current === undefined ? [id] : [id, current]
      }
      if (current !== undefined) former.set(current, now())
      current = id
    },
    check() {
      if (now() - returnedAtMs >= SEEN_FOR_MS) return
      throw new Error(
        `the processes of persistence have different stores (${others.join(', ')}): set the same EMAILAUTH_REDIS_URL for all of them, with the same database`,
      )
    },
  }
}
