import { setAlignedTimeout } from './aligned-timer.ts'

type Listener = (delayMs: number) => void

/** How often a busy event loop is measured. */
const BUSY_MS = 50
/** How often one at rest is measured, because each measurement wakes the process. */
const IDLE_MS = 1000
/** Share of the time since the last measurement that was work, from which on a loop counts as busy. */
const BUSY_SHARE = 0.2

const listeners = new Set<Listener>()
let stopShared: (() => void) | undefined

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

/** Answers the next interval: a short one after work, a long one after rest. */
function intervalByLoad(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization > BUSY_SHARE ? BUSY_MS : IDLE_MS
  }
}

function measure(interval: () => number, listener: Listener): () => void {
  let cancel: () => void
  const next = () => {
    cancel = setAlignedTimeout((lateMs) => {
      listener(lateMs)
      next()
    }, interval())
  }
  next()
  return () => cancel()
}
