/** A service that is asked whether it is ready. */
export interface Watched {
  readonly url: string
  isReady: boolean
}

/**
 * Notes of each of these whether its `/readyz` says so, as balancers do.
 * @returns ends it
 */
export function watchReadiness(targets: readonly Watched[], everyMs: number): () => void {
  const checks = setInterval(() => {
    for (const target of targets)
      fetch(`${target.url}/readyz`, { signal: AbortSignal.timeout(1000) }).then(
        ({ ok }) => {
          target.isReady = ok
        },
        () => {
          target.isReady = false
        },
      )
  }, everyMs)
  return () => clearInterval(checks)
}
