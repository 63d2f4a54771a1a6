import { useEffect, useRef, useState } from 'react'

const AT_MOST_EVERY_MS = 10_000

/** A text for screen readers that changes at most every ten seconds, so that it is read to its end. */
export function useThrottledText(text: string): string {
  const [spoken, setSpoken] = useState(text)
  const spokenAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    if (text === spoken) return
    const wait = Math.max(0, spokenAt.current + AT_MOST_EVERY_MS - performance.now())
    const timer = setTimeout(() => {
      spokenAt.current = performance.now()
      setSpoken(text)
    }, wait)
    return () => clearTimeout(timer)
  }, [text, spoken])
  return spoken
}
