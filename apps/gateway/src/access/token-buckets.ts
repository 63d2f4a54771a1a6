import { LRUCache } from 'lru-cache'

/** What each of many callers may do: `saved` at once after a rest, and so much a second. */
export interface Rate {
  readonly saved: number
  readonly perSecond: number
}

export interface TokenBuckets {
  /** Pays for a call. 0: it may be made; else nothing was paid, and the seconds until there is enough. */
  take(name: string, cost?: number): number
}

/** Callers that are remembered. */
const MOST_CALLERS = 5000

/** @param now milliseconds of a clock that nobody sets */
export function createTokenBuckets(
  { saved, perSecond }: Rate,
  now: () => number = () => performance.now(),
): TokenBuckets {
  const buckets = new LRUCache<string, { left: number; atMs: number }>({ max: MOST_CALLERS })

  function leftOf(name: string): number {
    const bucket = buckets.get(name)
    if (bucket === undefined) return saved
    return Math.min(saved, bucket.left + ((now() - bucket.atMs) / 1000) * perSecond)
  }

  return {
    take(name, cost = 1) {
      const left = leftOf(name)
      if (left < cost) return Math.ceil((cost - left) / perSecond)
      buckets.set(name, { left: left - cost, atMs: now() })
      return 0
    },
  }
}
