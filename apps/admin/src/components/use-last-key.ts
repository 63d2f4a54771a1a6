import { useEffect } from 'react'

let wasTab = false

/** Keeps in mind whether Tab was the last key. Everything else that a person does begins anew. */
export function useLastKey(): void {
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Shift') wasTab = key === 'Tab'
    }
    const onPointer = () => {
      wasTab = false
    }
    document.addEventListener('keydown', onKey, true)
    document.addEventListener('pointerdown', onPointer, true)
    return () => {
      document.removeEventListener('keydown', onKey, true)
      document.removeEventListener('pointerdown', onPointer, true)
    }
  }, [])
}

/** Whether a person has moved the focus by Tab since they opened a page, and it is somewhere. */
export function hasMovedOn(): boolean {
  return wasTab && document.activeElement !== null && document.activeElement !== document.body
}
