import { type KeyboardEvent, type RefObject, useRef } from 'react'
import { useShortcuts } from '../use-shortcuts.ts'
import { ROW_LINK } from './row-link.tsx'

/** Arrow keys move between rows once one has the focus. `j` and `k` work from anywhere. */
export function useRowKeys(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  scrollTo: (index: number) => void,
) {
  const last = useRef(-1)

  const indexOf = (element: Element | null) =>
    Number(element?.closest('tr[data-index]')?.getAttribute('data-index') ?? -1)
  const linkAt = (index: number) =>
    scroller.current?.querySelector<HTMLElement>(`tr[data-index="${index}"] ${ROW_LINK}`)
  const focused = () => {
    const active = document.activeElement
    return scroller.current?.contains(active) ? indexOf(active) : -1
  }
  const focus = (index: number) => {
    const target = Math.max(0, Math.min(index, count - 1))
    const link = linkAt(target)
    if (link) {
      link.focus({ preventScroll: true })
      link.closest('tr')?.scrollIntoView({ block: 'nearest' })
      return
    }
    // The row is not rendered yet.
    scrollTo(target)
    requestAnimationFrame(() => linkAt(target)?.focus())
  }
  const move = (step: number) => {
    const index = focused()
    focus(index === -1 ? Math.max(0, last.current) : index + step)
  }
  useShortcuts({ j: () => move(1), k: () => move(-1) })

  return {
    onFocus() {
      const index = focused()
      if (index !== -1) last.current = index
    },
    onKeyDown(event: KeyboardEvent) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      if (!(event.target instanceof Element && event.target.matches(ROW_LINK))) return
      event.preventDefault()
      focus(focused() + step)
    },
  }
}
