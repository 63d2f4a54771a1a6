import { AT_REST_MS, setAlignedTimeout } from './aligned-timer.ts'
import { measureBusyShare } from './busy-share.ts'

type Listener = (delayMs: number) => void

/** How often a busy event loop is measured. */
const BUSY_MS = 50
/** How often one is measured that works now and then. */
const CALM_MS = 1000
/** Share of the time since the last measurement that was work, from which on a loop counts as busy. */
const BUSY_SHARE = 0.2
/** The same for a loop at rest. It is measured each {@link AT_REST_MS}, because that wakes the process. */
const REST_SHARE = 0.01

const listeners = new Set<Listener>()
let stopShared: (() => void) | undefined
/** Measures sooner again. Undefined unless the loop is at rest. */
let endRest: (() => void) | undefined

/**
 * Measures how late timers of this process run, in ms, until the returned function is called. One timer
 * serves all listeners. A pause that begins and ends between two measurements of a loop at rest is not seen.
 * @param everyMs for tests: a fixed interval
 */
export function onEventLoopDelay(listener: Listener, everyMs?: number): () => void {
  if (everyMs !== undefined) return measure(() => everyMs, listener)
  listeners.add(listener)
  stopShared ??= measure(intervalByLoad(), (delayMs) => {
    for (const each of listeners) each(delayMs)
  })
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    stopShared?.()
    stopShared = undefined
  }
}

/** A request has come: a loop at rest is measured each second again, so that overload is seen in time. */
export function noteRequest(): void {
  endRest?.()
}

/** Answers the next interval: a short one after work, a long one after rest. */
function intervalByLoad(): () => number {
  const busyShare = measureBusyShare()
  return () => {
    const share = busyShare()
    if (share > BUSY_SHARE) return BUSY_MS
    return share > REST_SHARE ? CALM_MS : AT_REST_MS
  }
}

function measure(interval: () => number, listener: Listener): () => void {
  let cancel: () => void
  const start = (ms: number) => {
    const run = (lateMs: number) => {
      endRest = undefined
      listener(lateMs)
      start(interval())
    }
    const isAtRest = ms === AT_REST_MS
    cancel = setAlignedTimeout(run, ms, isAtRest ? 'at the latest' : 'about')
    if (!isAtRest) return
    endRest = () => {
      endRest = undefined
      cancel()
      start(CALM_MS)
    }
  }
  start(interval())
  return () => {
    endRest = undefined
    cancel()
  }
}
