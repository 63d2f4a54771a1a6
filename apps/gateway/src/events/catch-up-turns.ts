import type { setTimeout as wait } from 'node:timers/promises'
import { createTokenBuckets, type Rate } from '../access/token-buckets.ts'

/**
 * Pages of missed events, of all readers of one tenant. A page takes the gateway about 10 ms until each of
 * its events is sent.
 */
export const CATCH_UP_RATE = { saved: 100, perSecond: 20 } as const satisfies Rate

/**
 * Lets the readers of each tenant read one page at a time, in turns. A client could begin many subscriptions
 * with all events that are kept, and leave no time for the calls of others.
 */
export type CatchUpTurns = <Page>(
  name: string,
  read: () => Promise<Page>,
  signal: AbortSignal,
) => Promise<Page>

export function createCatchUpTurns(pause: typeof wait, now?: () => number): CatchUpTurns {
  const pages = createTokenBuckets(CATCH_UP_RATE, now)
  const lines = new Map<string, Promise<void>>()
  return async (name, read, signal) => {
    const before = lines.get(name)
    const inTurn = async () => {
      await before
      for (let seconds = 1; seconds > 0; ) {
        signal.throwIfAborted()
        seconds = pages.take(name)
        if (seconds > 0) await pause(seconds * 1000, undefined, { signal })
      }
      return read()
    }
    const page = inTurn()
    const ended = page.then(done, done)
    lines.set(name, ended)
    try {
      return await page
    } finally {
      if (lines.get(name) === ended) lines.delete(name)
    }
  }
}

const done = () => {}
