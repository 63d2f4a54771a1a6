import { useSyncExternalStore } from 'react'

/** The time by which a page shows ages and remaining times. */
export interface Clock {
  /** Estimate of the server's time in Unix milliseconds. */
  now(): number
  /** Learns from a reply: the server's time, and the browser's time of request and reply. */
  learn(serverMs: number, sentMs: number, receivedMs: number): void
  /** Calls `listener` every second until the returned function is called. */
  subscribe(listener: () => void): () => void
  /** `now()` at the last tick, the same for the whole page. */
  lastTick(): number
}

// The Date header has whole seconds and the network adds latency, so smaller differences are noise.
const NOISE_MS = 2000

/**
 * A clock that follows the server's. A browser's clock may be minutes off, and would show a live number as
 * expired.
 * @param localNow the browser's clock, Unix milliseconds
 */
export function createClock(localNow: () => number = Date.now): Clock {
  let offsetMs = 0
  let tick = localNow()
  let timer: ReturnType<typeof setInterval> | undefined
  const listeners = new Set<() => void>()
  const now = () => localNow() + offsetMs
  const advance = () => {
    tick = now()
    for (const listener of listeners) listener()
  }
  return {
    now,
    learn(serverMs, sentMs, receivedMs) {
      if (!Number.isFinite(serverMs)) return
      const measured = serverMs + 500 - (sentMs + receivedMs) / 2
      const next = Math.abs(measured) < NOISE_MS ? 0 : measured
      if (Math.abs(next - offsetMs) >= NOISE_MS) offsetMs = next
    },
    subscribe(listener) {
      listeners.add(listener)
      if (timer === undefined) {
        tick = now()
        timer = setInterval(advance, 1000)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
    lastTick: () => tick,
  }
}

/** The page's clock. */
export const clock = createClock()

/** The time in Unix milliseconds, updated every second. Also outside of a browser, where tests render. */
export function useNow(): number {
  return useSyncExternalStore(clock.subscribe, clock.lastTick, clock.lastTick)
}
