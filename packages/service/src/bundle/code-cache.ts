import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

/** Before the cache in its file. */
export const DIGEST_BYTES = 32

/**
 * Writes V8's code cache of a bundle beside it, behind a digest. V8 itself compares only its version, its
 * flags and lengths: a changed byte, or a cache from another processor, would crash the process.
 * @param file the bundle's absolute path
 */
export function writeCodeCache(file: string, cache: Buffer): void {
  writeFileSync(codeCacheOf(file), Buffer.concat([digestOf(cache), cache]))
}

/** A bundle's code cache. undefined: it is missing, damaged, or made by another V8 or for another system. */
export function readCodeCache(file: string): Buffer | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(codeCacheOf(file))
  } catch {
    return undefined
  }
  const cache = bytes.subarray(DIGEST_BYTES)
  return digestOf(cache).equals(bytes.subarray(0, DIGEST_BYTES)) ? cache : undefined
}

function codeCacheOf(file: string): string {
  return `${file}.code-cache`
}

/** SHA-256 of the cache and of what it was made by and for. */
function digestOf(cache: Buffer): Buffer {
  const { platform, arch, versions } = process
  return createHash('sha256').update(`${versions.v8} ${platform} ${arch}\n`).update(cache).digest()
}
