import { createStore } from '../lib/store.ts'

/** The open overlay: the command palette, the list of shortcuts, or none. */
export const overlay = createStore<'palette' | 'shortcuts' | undefined>(undefined)

export const openPalette = () => overlay.set('palette')
export const openShortcuts = () => overlay.set('shortcuts')
export const closeOverlay = () => overlay.set(undefined)
