import { useEffect, useEffectEvent } from 'react'

const isHidden = () => document.hidden

/** Options for a query that is asked again and again while the page can be seen. */
export function polled(pollInterval: number) {
  return {
    pollInterval,
    skipPollAttempt: isHidden,
    // Each answer is whole and replaces the one before; a cache would only grow with everybody who ever registered.
    fetchPolicy: 'no-cache',
  } as const
}

/** Asks at once when the page comes back into view. */
export function useRefetchWhenVisible(refetch: () => Promise<unknown>): void {
  const onChange = useEffectEvent(() => {
    // A failure shows in the query's own state.
    if (!document.hidden) refetch().catch(() => {})
  })
  useEffect(() => {
    const listen = () => onChange()
    document.addEventListener('visibilitychange', listen)
    return () => document.removeEventListener('visibilitychange', listen)
  }, [])
}
