import { lazy, useEffect } from 'react'
import { LazyPart } from '../components/lazy-part.tsx'
import { useStore } from '../lib/store.ts'
import { closeOverlay, openPalette, openShortcuts, overlay } from './palette-store.ts'
import { useGoShortcuts } from './use-go-shortcuts.ts'

const loadPalette = () => import('./palette.tsx')
const loadShortcuts = () => import('./shortcuts-dialog.tsx')
const Palette = lazy(loadPalette)
const ShortcutsDialog = lazy(loadShortcuts)

/**
 * Keyboard shortcuts of every page, and the overlays they open. Ctrl-K also works in text fields, because it
 * types nothing.
 */
export function PaletteKeys() {
  const opened = useStore(overlay)
  useGoShortcuts(openShortcuts)
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return
      event.preventDefault()
      openPalette()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  return (
    <>
      <LazyPart load={loadPalette} needed={opened === 'palette'}>
        <Palette opened={opened === 'palette'} onClose={closeOverlay} />
      </LazyPart>
      <LazyPart load={loadShortcuts} needed={opened === 'shortcuts'}>
        <ShortcutsDialog opened={opened === 'shortcuts'} onClose={closeOverlay} />
      </LazyPart>
    </>
  )
}
