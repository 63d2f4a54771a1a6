import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { ErrorBoundary } from './error-boundary.tsx'

interface LazyPartProps {
  /** Loads the part's code. */
  readonly load: () => Promise<unknown>
  readonly needed: boolean
  readonly children: ReactNode
}

const AFTER_FIRST_PAINT_MS = 1000

/**
 * A part of the page that is not needed at first. Its code loads once the page is idle, so that it is
 * available even if the gateway fails later.
 */
export function LazyPart({ load, needed, children }: LazyPartProps) {
  const [mounted, mount] = useState(needed)
  if (needed && !mounted) mount(true)
  useEffect(() => {
    // Mounted before it is needed, so that a dialog sees itself open and can return the focus.
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
