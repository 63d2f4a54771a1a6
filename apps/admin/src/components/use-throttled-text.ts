import { useEffect, useRef, useState } from 'react'

const AT_MOST_EVERY_MS = 10_000

/** How long a text waits. Both times are of the same clock. */
export const pauseMs = (spokenAt: number, now: number): number =>
  Math.max(0, spokenAt + AT_MOST_EVERY_MS - now)

/** A text for screen readers that changes at most every ten seconds, so that it is read to its end. */
export function useThrottledText(text: string): string {
  const [spoken, setSpoken] = useState(text)
  const spokenAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    if (text === spoken) return
    const wait = pauseMs(spokenAt.current, performance.now())
    const timer = setTimeout(() => {
      spokenAt.current = performance.now()
      setSpoken(text)
    }, wait)
    return () => clearTimeout(timer)
  }, [text, spoken])
  return spoken
}
