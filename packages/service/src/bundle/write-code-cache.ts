// Runs while a service is built: writes its code cache, and exits.
import { fileURLToPath } from 'node:url'
import { writeCodeCache } from './code-cache.ts'
import { loadBundle } from './load-bundle.ts'

/** The bundle's name in the folder of this file; scripts/build/bundle-service.mjs writes it in. */
declare const BUNDLE: string

const file = fileURLToPath(new URL(BUNDLE, import.meta.url))
const { makeCodeCache } = loadBundle(file)
writeCodeCache(file, makeCodeCache())
process.exit(0)
