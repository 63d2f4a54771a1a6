import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect } from 'react'

/** 2.25rem, as in the tokens. Phones show two lines a row. */
const ROW_PX = 36
const TALL_ROW_PX = 56
const OVERSCAN = 10
/** The next page loads when this many rows are left. */
const NEAR_END = 25

/** @param last index of the last row that is drawn */
export const isNearEnd = (last: number, count: number): boolean => count > 0 && last >= count - NEAR_END

/** The height of a row, which the stylesheet sets. */
export const rowPx = (isPhone: boolean): number => (isPhone ? TALL_ROW_PX : ROW_PX)

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
    estimateSize: () => rowPx(matchMedia('(max-width: 47.99em)').matches),
    overscan: OVERSCAN,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)
  const mustLoad = virtual && isNearEnd(last?.index ?? 0, count)
  useEffect(() => {
    if (mustLoad) onEndReached?.()
  }, [mustLoad, onEndReached])
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
