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

async function load(): Promise<void> {
  // A service keeps V8 from optimizing the WebAssembly of its HTTP client, which has been compiled by now
  // (packages/service/src/bundle/load-bundle.ts). Here it is called all the time, and four times as fast.
  setFlagsFromString('--wasm-tier-up')
  setFlagsFromString('--wasm-dynamic-tiering')
  const { default: createSodium } = await import('libsodium')
  sodium = await createSodium()
}
