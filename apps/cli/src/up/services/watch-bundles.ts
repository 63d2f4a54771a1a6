import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { App } from './apps.ts'

/** A bundle is written in several steps; the last one is this long ago before the service starts again. */
const QUIET_MS = 60

/**
 * Calls `onChange` for a service whose bundle was written anew.
 * @returns ends the watching.
 */
export function watchBundles(apps: readonly App[], onChange: (app: App) => void): () => void {
  const watchers = apps.map((app) => {
    let timer: NodeJS.Timeout | undefined
    return watch(dirname(app.file), (_event, name) => {
      if (name !== basename(app.file)) return
      clearTimeout(timer)
      timer = setTimeout(() => onChange(app), QUIET_MS)
    })
  })
  return () => {
    for (const watcher of watchers) watcher.close()
  }
}
