import { useEffect } from 'react'

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled)'
const ROW = 'tr, li'
const HEADING = 'h1, h2, h3'

/** Where the focus is, in a row of a list. */
export interface Place {
  readonly element: Element
  readonly row: Element
  readonly list: Element
  /** Of the row in its list. */
  readonly index: number
  /** Of the element among those of its row. */
  readonly slot: number
  readonly heading: HTMLElement | null
  /** Of a list that renders visible rows alone: how many it has. */
  readonly total: string | null | undefined
}

/**
 * Gives the focus of a row that has gone to the next row, else to the one before it, else to the heading of
 * the list. A row goes by an act on it, and the browser then gives the focus to nobody, so that a keyboard
 * would begin again at the top of the page. Call it once, in the frame of the pages.
 */
export function useFocusAfterRow(): void {
  useEffect(() => {
    let place: Place | undefined
    // Dialogs and menus are outside the page, and give the focus back to the row.
    const remember = ({ target }: FocusEvent) => {
      if (target instanceof Element && target.closest('main') !== null) place = placeOf(target)
    }
    // Who clicks elsewhere is not in the list any more.
    const forget = ({ target }: PointerEvent) => {
      if (target instanceof Element && target.closest('main') !== null) place = undefined
    }
    const observer = new MutationObserver(() => {
      if (place === undefined || place.element.isConnected) return
      if (document.activeElement !== null && document.activeElement !== document.body) return
      const next = successorOf(place)
      place = undefined
      next?.focus()
    })
    document.addEventListener('focusin', remember)
    document.addEventListener('pointerdown', forget)
    observer.observe(document.body, { childList: true, subtree: true })
    return () => {
      document.removeEventListener('focusin', remember)
      document.removeEventListener('pointerdown', forget)
      observer.disconnect()
    }
  }, [])
}

const rowsOf = (list: Element) => [...list.children].filter((child) => child.matches(ROW))
const partsOf = (row: Element) => [...row.querySelectorAll<HTMLElement>(FOCUSABLE)]
const totalOf = (list: Element) => list.closest('table')?.getAttribute('aria-rowcount')

/** Undefined: not in a row. */
export function placeOf(element: Element): Place | undefined {
  const row = element.closest(ROW)
  const list = row?.parentElement
  if (!row || !list) return undefined
  const parts: readonly Element[] = partsOf(row)
  return {
    element,
    row,
    list,
    index: rowsOf(list).indexOf(row),
    slot: parts.indexOf(element),
    heading: headingOf(list),
    total: totalOf(list),
  }
}

/** The heading of the part of the page that the list is in. */
function headingOf(list: Element): HTMLElement | null {
  const part = list.closest('section') ?? list.closest('main')
  return part?.querySelector<HTMLElement>(HEADING) ?? document.querySelector<HTMLElement>('main h1')
}

/** What gets the focus once the row has gone. */
export function successorOf({ row, list, index, slot, heading, total }: Place): HTMLElement | undefined {
  // A list that goes with its last row still says how many it had.
  const isScrolledAway = list.isConnected && !row.isConnected && total != null && totalOf(list) === total
  if (isScrolledAway) return undefined
  const rows = list.isConnected ? rowsOf(list) : []
  const after = rows.slice(Math.max(index, 0))
  const before = rows.slice(0, Math.max(index, 0)).reverse()
  for (const candidate of [...after, ...before]) {
    const parts = partsOf(candidate)
    const part = parts[Math.min(Math.max(slot, 0), parts.length - 1)]
    if (part !== undefined) return part
  }
  if (heading === null || !heading.isConnected) return undefined
  heading.tabIndex = -1
  return heading
}
