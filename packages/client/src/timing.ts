/** A signal that ends an attempt, and why it did. */
export interface Deadline {
  readonly signal: AbortSignal
  /** True when our timeout ended the call, not the caller's signal. */
  hasPassed(): boolean
  clear(): void
}

/** `AbortSignal.any` would do this in one line, but some runtimes leak its listeners. */
export function abortAfter(ms: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController()
  let hasPassed = false
  const timer = setTimeout(() => {
    hasPassed = true
    controller.abort()
  }, ms)
  const onAbort = () => controller.abort(outer?.reason)
  outer?.addEventListener('abort', onAbort)
  return {
    signal: controller.signal,
    hasPassed: () => hasPassed,
    clear() {
      clearTimeout(timer)
      outer?.removeEventListener('abort', onAbort)
    },
  }
}

/** Waits; rejects with the signal's reason when that ends it. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    if (signal?.aborted) return onAbort()
    signal?.addEventListener('abort', onAbort)
  })
}

/**
 * A random pause between two bounds. Clients that failed at the same moment would otherwise all come back at
 * the same moment.
 */
export function jittered(leastMs: number, mostMs: number, random: () => number = Math.random): number {
  return leastMs + random() * (mostMs - leastMs)
}
