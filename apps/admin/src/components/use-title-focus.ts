import { type RefObject, useEffect, useRef } from 'react'
import { hasMovedOn } from './use-last-key.ts'

let isFirst = true

/**
 * For the title of a page. It gets the focus after a navigation, so that screen readers announce the page. A
 * page that comes late takes it from nobody who has pressed Tab meanwhile.
 */
export function useTitleFocus(): RefObject<HTMLHeadingElement | null> {
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirst && !hasMovedOn()) title.current?.focus({ preventScroll: true })
    isFirst = false
  }, [])
  return title
}
