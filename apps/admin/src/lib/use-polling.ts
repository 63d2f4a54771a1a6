import { useEffect, useEffectEvent } from 'react'

const isHidden = () => document.hidden

/** Options of a query that polls while the page is visible. */
export function polled(pollInterval: number) {
  return {
    pollInterval,
    skipPollAttempt: isHidden,
    // Each answer replaces the whole previous one. A cache would keep everybody who ever registered.
    fetchPolicy: 'no-cache',
  } as const
}

/** Queries at once when the page becomes visible. */
export function useRefetchWhenVisible(refetch: () => Promise<unknown>): void {
  const onChange = useEffectEvent(() => {
    // The query's own state shows a failure.
    if (!document.hidden) refetch().catch(() => {})
  })
  useEffect(() => {
    const listen = () => onChange()
    document.addEventListener('visibilitychange', listen)
    return () => document.removeEventListener('visibilitychange', listen)
  }, [])
}
