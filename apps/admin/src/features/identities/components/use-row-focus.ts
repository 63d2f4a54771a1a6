import { type KeyboardEvent, type RefObject, useRef } from 'react'
import { ROW_LINK } from './identity-link.tsx'

/** Moves the focus from row to row, and finds a place for it when the row that had it has gone. */
export function useRowFocus(list: RefObject<HTMLElement | null>) {
  const last = useRef(0)

  const links = () => [...(list.current?.querySelectorAll<HTMLElement>(ROW_LINK) ?? [])]
  const focus = (index: number) => {
    const rows = links()
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))]
    row?.focus()
    row?.scrollIntoView({ block: 'nearest' })
  }
  const focused = () =>
    links().findIndex((link) => link.closest('tr, li')?.contains(document.activeElement) ?? false)

  return {
    /** By so many rows, from the row that has the focus or had it last. */
    move(step: number) {
      const index = focused()
      focus(index === -1 ? last.current : index + step)
    },
    /** Remembers which row has the focus. */
    onFocus() {
      last.current = Math.max(0, focused())
    },
    /** Arrow keys walk only from row to row: elsewhere they scroll. */
    onKeyDown(event: KeyboardEvent) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || focused() === -1) return
      event.preventDefault()
      focus(focused() + step)
    },
    /** After a dialog: the row that it came from may be gone, and the focus with it. */
    restore() {
      const active = document.activeElement
      if (active === null || active === document.body || active.closest('[role="dialog"]'))
        focus(last.current)
    },
  }
}
