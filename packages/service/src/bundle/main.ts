import { fileURLToPath } from 'node:url'
import { loadBundle } from './load-bundle.ts'

/** The bundle's name in the folder of this file; scripts/build/bundle-service.mjs writes it in. */
declare const BUNDLE: string

const { module, usedCodeCache } = loadBundle(fileURLToPath(new URL(BUNDLE, import.meta.url)))
await module.start({ usedCodeCache })
