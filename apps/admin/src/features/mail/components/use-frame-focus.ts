import { type RefObject, useEffect, useState } from 'react'

/**
 * Whether keys go to a frame, so that the page can show it. CSS cannot tell: a frame never matches `:focus`,
 * and what is in it belongs to another document.
 */
export function useFrameFocus(frame: RefObject<HTMLIFrameElement | null>): boolean {
  const [hasFocus, setFocus] = useState(false)
  useEffect(() => {
    const look = () => setFocus(document.activeElement === frame.current)
    // The window loses the focus to the frame, and gets it back.
    window.addEventListener('blur', look)
    window.addEventListener('focus', look)
    return () => {
      window.removeEventListener('blur', look)
      window.removeEventListener('focus', look)
    }
  }, [frame])
  return hasFocus
}
