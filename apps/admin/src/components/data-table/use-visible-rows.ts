import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect } from 'react'

/** 2.25rem, as in the tokens. Phones show two lines a row. */
const ROW_PX = 36
const TALL_ROW_PX = 56
const OVERSCAN = 10
/** The next page loads when this many rows are left. */
const NEAR_END = 25

export interface VisibleRows {
  readonly indexes: readonly number[]
  /** Height of the rows above, in pixels. */
  readonly before: number
  readonly after: number
  scrollTo(index: number): void
}

/** The visible rows of a list that scrolls in its own element. All rows if it does not scroll. */
export function useVisibleRows(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  virtual: boolean,
  onEndReached: (() => void) | undefined,
): VisibleRows {
  const virtualizer = useVirtualizer({
    count,
    enabled: virtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => (matchMedia('(max-width: 47.99em)').matches ? TALL_ROW_PX : ROW_PX),
    overscan: OVERSCAN,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)
  const isNearEnd = virtual && count > 0 && (last?.index ?? 0) >= count - NEAR_END
  useEffect(() => {
    if (isNearEnd) onEndReached?.()
  }, [isNearEnd, onEndReached])
  if (!virtual) {
    return { indexes: Array.from({ length: count }, (_, index) => index), before: 0, after: 0, scrollTo() {} }
  }
  return {
    indexes: items.map(({ index }) => index),
    before: items[0]?.start ?? 0,
    after: virtualizer.getTotalSize() - (last?.end ?? 0),
    scrollTo: (index) => virtualizer.scrollToIndex(index),
  }
}
