import { type RefObject, useLayoutEffect, useRef } from 'react'

/**
 * Gives the focus back to a button once its act has ended. While the act is under way the button is disabled,
 * so the browser takes the focus from it.
 * @returns for the button's `ref`
 */
export function useFocusKept(busy: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null)
  const hadFocus = useRef(false)
  useLayoutEffect(() => {
    if (busy) {
      // The browser takes the focus at its next frame.
      hadFocus.current = document.activeElement === button.current
      return
    }
    if (hadFocus.current && document.activeElement === document.body) button.current?.focus()
    hadFocus.current = false
  }, [busy])
  return button
}
