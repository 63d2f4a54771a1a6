/**
 * Background work that repeats runs only at multiples of this time in ms, so that it wakes the process less.
 */
const EVERY_MS = 1000
/** Work that may come sooner runs at every fourth of these times, so that an idle process wakes seldom. */
const REST_STEPS = 4
/** The longest pause of work that has nothing to do. */
export const AT_REST_MS = REST_STEPS * EVERY_MS
/** A timer of Node's may fire a little early. */
const EARLY_MS = 5
/** Random, so that processes which start together do not ask Redis at the same time. */
const PHASE_MS = Math.random() * EVERY_MS

/** Work, and by how many ms it runs too late. */
type Run = (lateMs: number) => void

/** `about`: up to half a second sooner or later. The others may be sooner or later by up to that time. */
export type Exactness = 'about' | 'not before' | 'at the latest'

interface Waiter {
  /** The moment, counted in steps of {@link EVERY_MS}. */
  readonly step: number
  readonly run: Run
}

const waiters = new Set<Waiter>()
let timer: NodeJS.Timeout | undefined
let timerStep = Number.POSITIVE_INFINITY
let isAwake = false

/**
 * Like `setTimeout` for work that need not be exact: it runs together with all other such work of this
 * process, which then wakes once. It does not keep the process alive. Shorter times than a second are kept
 * exactly.
 * @returns cancels it
 */
export function setAlignedTimeout(run: Run, ms: number, exactness: Exactness = 'about'): () => void {
  if (ms < EVERY_MS) {
    const dueAt = performance.now() + ms
    const exact = setTimeout(() => run(lateBy(dueAt)), ms)
    exact.unref()
    return () => clearTimeout(exact)
  }
  const waiter = { step: stepOf(performance.now(), ms, exactness), run }
  waiters.add(waiter)
  schedule()
  return () => {
    waiters.delete(waiter)
    if (waiters.size === 0) schedule()
  }
}

/** The step in which work runs that is due so many ms from now. */
function stepOf(now: number, ms: number, exactness: Exactness): number {
  const steps = (now + ms - PHASE_MS) / EVERY_MS
  if (exactness === 'about') return Math.round(steps)
  if (exactness === 'not before') return Math.ceil(steps)
  const latest = Math.floor(steps + EARLY_MS / EVERY_MS)
  const shared = latest - (latest % REST_STEPS)
  return momentOf(shared) > now + EARLY_MS ? shared : latest
}

/** Ends after so many ms, as {@link setAlignedTimeout} counts them, or as soon as the signal aborts. */
export function pauseUnlessAborted(ms: number, signal: AbortSignal, exactness?: Exactness): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const over = () => {
      cancel()
      signal.removeEventListener('abort', over)
      resolve()
    }
    const cancel = setAlignedTimeout(over, ms, exactness)
    signal.addEventListener('abort', over)
  })
}

/** Sets the timer for the earliest waiter, unless it is set for that already. */
function schedule(): void {
  if (isAwake) return
  let earliest = Number.POSITIVE_INFINITY
  for (const { step } of waiters) earliest = Math.min(earliest, step)
  if (earliest === timerStep) return
  clearTimeout(timer)
  timerStep = earliest
  if (earliest === Number.POSITIVE_INFINITY) return
  timer = setTimeout(wake, momentOf(earliest) - performance.now())
  timer.unref()
}

function wake(): void {
  const now = timerStep
  timerStep = Number.POSITIVE_INFINITY
  isAwake = true
  try {
    for (const waiter of [...waiters]) {
      // One of them may cancel another.
      if (waiter.step <= now && waiters.delete(waiter)) waiter.run(lateBy(momentOf(waiter.step)))
    }
  } finally {
    isAwake = false
    // If one of them throws, the rest of them run at once.
    schedule()
  }
}

const momentOf = (step: number) => step * EVERY_MS + PHASE_MS
const lateBy = (dueAt: number) => Math.max(0, performance.now() - dueAt)
