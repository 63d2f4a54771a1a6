/** Why `up` ends when a person or the system asks it to. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/**
 * A signal so soon after the first is the same request: a supervisor signals every process, and npm passes
 * its own on.
 */
export const SAME_REQUEST_MS = 500

/**
 * Calls `first` on the first termination signal and `again` on each later one. Returns a function that
 * unsubscribes.
 * @param now monotonic milliseconds
 */
export function onInterrupt(
  first: () => void,
  again: () => void,
  now: () => number = () => performance.now(),
): () => void {
  let receivedAt: number | undefined
  const receive = () => {
    if (receivedAt === undefined) {
      receivedAt = now()
      first()
    } else if (now() - receivedAt >= SAME_REQUEST_MS) again()
  }
  for (const signal of SIGNALS) process.on(signal, receive)
  return () => {
    for (const signal of SIGNALS) process.off(signal, receive)
  }
}
