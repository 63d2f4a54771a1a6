// Also for packages that compile this one with theirs.
/// <reference path="./libsodium.d.ts" />
import type { Sodium } from 'libsodium'

let sodium: Sodium | undefined

/** Loads libsodium. */
export async function loadSodium(): Promise<void> {
  const { default: createSodium } = await import('libsodium')
  sodium = await createSodium()
}

/** @throws {Error} before {@link loadSodium} has ended. */
export function loadedSodium(): Sodium {
  if (sodium === undefined) throw new Error('libsodium is not loaded: await the key ring’s ready().')
  return sodium
}
