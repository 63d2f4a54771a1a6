import { useLocalStorage } from '@mantine/hooks'
import { useEffect, useEffectEvent } from 'react'

/** Whether single-key shortcuts are on. WCAG 2.1.4 requires that they can be turned off. */
export function useShortcutsEnabled() {
  return useLocalStorage({
    key: 'emailauth.shortcuts',
    defaultValue: true,
    getInitialValueInEffect: false,
  })
}

/**
 * Runs the action of a typed character (`/` may need Shift) wherever the focus is, except in text fields and
 * while a modal is open.
 */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const [enabled] = useShortcutsEnabled()
  const act = useEffectEvent((event: KeyboardEvent) => {
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (isTyping(event.target) || document.querySelector('[aria-modal="true"]') !== null) return
    event.preventDefault()
    action()
  })
  useEffect(() => {
    if (!enabled) return
    const listen = (event: KeyboardEvent) => act(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [enabled])
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null
}
