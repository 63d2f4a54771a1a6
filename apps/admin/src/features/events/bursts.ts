import type { Event } from './api/follow-events.ts'

/** Events come in bursts. The page renders once for each. */
const COLLECT_MS = 250

export interface Bursts {
  add(event: Event): void
  /** Delivers what waits, at once. */
  flush(): void
}

/** Collects events for a moment from the first one on. */
export function createBursts(deliver: (events: readonly Event[]) => void): Bursts {
  let burst: Event[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  function flush() {
    clearTimeout(timer)
    timer = undefined
    const events = burst
    burst = []
    if (events.length > 0) deliver(events)
  }
  return {
    add(event) {
      burst.push(event)
      timer ??= setTimeout(flush, COLLECT_MS)
    },
    flush,
  }
}
