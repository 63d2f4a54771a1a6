// Runs while services are built: starts this one, and when it ends writes its code cache with every function
// that was called.
import { fileURLToPath } from 'node:url'
import { writeCodeCache } from './code-cache.ts'
import { loadBundle } from './load-bundle.ts'

/** The bundle's name in the folder of this file; apps/serve/scripts/write-code-caches.mjs writes it in. */
declare const BUNDLE: string

const file = fileURLToPath(new URL(BUNDLE, import.meta.url))
const { module, usedCodeCache, makeCodeCache } = loadBundle(file)
process.once('exit', (code) => {
  if (code === 0) writeCodeCache(file, makeCodeCache())
})
await module.start({ usedCodeCache })
