// Also for packages that compile this one with theirs.
/// <reference path="./libsodium.d.ts" />
import { setFlagsFromString } from 'node:v8'
import type { Sodium } from 'libsodium'

let sodium: Sodium | undefined
let loading: Promise<void> | undefined

/** Loads libsodium, once. Some milliseconds, so only who has a key for it does. */
export function loadSodium(): Promise<void> {
  loading ??= load()
  return loading
}

/** @throws {Error} before {@link loadSodium} has ended. */
export function loadedSodium(): Sodium {
  if (sodium === undefined) throw new Error('libsodium is not loaded: await the key ring’s ready().')
  return sodium
}

/**
 * A service keeps V8 from optimizing the WebAssembly of its HTTP client, which has been compiled by now
 * (packages/service/src/bundle/load-bundle.ts). Here it is called all the time, and four times as fast. V8
 * decides this when it compiles a module. Afterwards the flags are set back, because a code cache is for the
 * flags under which it was written.
 */
async function load(): Promise<void> {
  for (const flag of FLAGS) setFlagsFromString(`--${flag}`)
  try {
    const { default: createSodium } = await import('libsodium')
    sodium = await createSodium()
  } finally {
    for (const flag of FLAGS) setFlagsFromString(`--no-${flag}`)
  }
}

const FLAGS = ['wasm-tier-up', 'wasm-dynamic-tiering']
