/** Why `up` ends when a person or the system asks it to. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Calls `first` on the first termination signal and `again` on each later one. Returns a function that
 * unsubscribes.
 */
export function onInterrupt(first: () => void, again: () => void): () => void {
  let received = false
  const receive = () => {
    if (received) again()
    else first()
    received = true
  }
  for (const signal of SIGNALS) process.on(signal, receive)
  return () => {
    for (const signal of SIGNALS) process.off(signal, receive)
  }
}
