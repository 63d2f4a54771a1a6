import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { readCodeCache } from './code-cache.ts'
import { mapStackTraces } from './stack-traces.ts'

/** How a service's code was loaded. */
export interface LoadInfo {
  /** false: V8 compiled all of it, because there is no code cache that this version of Node takes. */
  readonly usedCodeCache: boolean
}

/** What a service's `main.ts` exports. */
export interface ServiceModule {
  /** Runs the service until it is told to end. */
  start(info: LoadInfo): Promise<void>
}

/** A bundle that is compiled and has run its modules, but has not started. */
export interface LoadedBundle extends LoadInfo {
  readonly module: ServiceModule
  /** V8's form of it, with every function that has been called by now. */
  makeCodeCache(): Buffer
}

/**
 * V8 takes a code cache only under the flags it was made with. The sizes of the heap are settled when this
 * runs, so their flags may go back to their defaults. No pretenuring is ours (node-flags.ts) and has to be on
 * before a function is compiled.
 *
 * The last two are for undici, whose HTTP parser is WebAssembly. V8 would optimize it during the first calls:
 * 90 to 150 ms of CPU in the gateway. Measured: the parser is not slower without. Not `--liftoff-only`, with
 * which V8 ends a process whose processor lacks a feature.
 */
export const FLAGS = [
  '--initial-heap-size=0',
  '--initial-old-space-size=0',
  '--max-heap-size=0',
  '--max-old-space-size=0',
  '--max-semi-space-size=0',
  '--min-semi-space-size=0',
  '--no-allocation-site-pretenuring',
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
]

/**
 * Loads a service's bundle (scripts/build/bundle-service.mjs): one CommonJS file, whose code cache lies
 * beside it unless it is missing, damaged or made by another V8. Then V8 compiles the file, which takes
 * longer.
 * @param file absolute path
 */
export function loadBundle(file: string): LoadedBundle {
  for (const flag of FLAGS) setFlagsFromString(flag)
  mapStackTraces(file)
  const cachedData = readCodeCache(file)
  // The file has ASCII characters alone, and this is the fastest way to read them.
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: pathToFileURL(file).href,
    ...(cachedData === undefined ? {} : { cachedData }),
  })
  // The script fills it.
  const module = { exports: {} as ServiceModule }
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file))
  return {
    module: module.exports,
    usedCodeCache: cachedData !== undefined && script.cachedDataRejected === false,
    makeCodeCache: () => script.createCachedData(),
  }
}
