import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { ErrorBoundary } from './error-boundary.tsx'

interface LazyPartProps {
  /** Fetches the part's code. */
  readonly load: () => Promise<unknown>
  readonly needed: boolean
  readonly children: ReactNode
}

const AFTER_FIRST_PAINT_MS = 1000

/**
 * A part of the page that is not there at first. Its code comes once the page has settled, so that it is at hand also when the
 * gateway has gone by the time that somebody needs it.
 */
export function LazyPart({ load, needed, children }: LazyPartProps) {
  const [mounted, mount] = useState(needed)
  if (needed && !mounted) mount(true)
  useEffect(() => {
    // Mounted before it is needed, so that a dialog sees itself open and knows where to give the focus back to.
    const prepare = () =>
      load().then(
        () => mount(true),
        () => {},
      )
    const timer = setTimeout(prepare, AFTER_FIRST_PAINT_MS)
    return () => clearTimeout(timer)
  }, [load])
  if (!mounted) return null
  return (
    <ErrorBoundary fallback={null}>
      <Suspense fallback={null}>{children}</Suspense>
    </ErrorBoundary>
  )
}
