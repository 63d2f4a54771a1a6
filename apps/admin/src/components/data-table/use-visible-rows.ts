import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect } from 'react'

/** As in the tokens: 2.25rem. On phones rows have two lines. */
const ROW_PX = 36
const TALL_ROW_PX = 56
const OVERSCAN = 10
/** So many rows before the end the next ones are fetched. */
const NEAR_END = 25

export interface VisibleRows {
  readonly indexes: readonly number[]
  /** Pixels that the rows above and below would take. */
  readonly before: number
  readonly after: number
  scrollTo(index: number): void
}

/** Which rows can be seen, of a list that scrolls in an element of its own; all of them where it does not. */
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
