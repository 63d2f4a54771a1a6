import { hash, timingSafeEqual } from 'node:crypto'
import type { DigestPurpose, RingKey } from './key-ring.ts'

/** HMAC-SHA-256 of text under one key's subkey, cut to `bytes` (RFC 2104, section 5 allows the cut). */
export function digest(key: RingKey, purpose: DigestPurpose, text: string, bytes: number): Buffer {
  return hmac(key.subkey(purpose), text, bytes)
}

const BLOCK_BYTES = 64
const HASH_BYTES = 32
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c

interface PaddedKey {
  /** The key's inner block, then room for the text. */
  inner: Buffer
  /** The key's outer block, then room for the inner hash. */
  readonly outer: Buffer
}

const paddedKeys = new WeakMap<Buffer, PaddedKey>()

/**
 * HMAC-SHA-256 (RFC 2104) by two one-shot hashes, cut to `bytes`. An `Hmac` object costs twice as much as
 * its hashing, and every call takes several (docs/decisions/0018-keys-per-purpose-and-record.md).
 * @param key 1 to 64 bytes; a longer key would have to be hashed first.
 * @throws {RangeError} for any other length.
 */
export function hmac(key: Buffer, data: string | Buffer, bytes = HASH_BYTES): Buffer {
  const padded = paddedKeys.get(key) ?? pad(key)
  const end = BLOCK_BYTES + Buffer.byteLength(data)
  if (padded.inner.length < end) padded.inner = Buffer.concat([padded.inner], 2 * end)
  if (typeof data === 'string') padded.inner.write(data, BLOCK_BYTES)
  else data.copy(padded.inner, BLOCK_BYTES)
  padded.outer.write(hash('sha256', padded.inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1')
  return Buffer.from(hash('sha256', padded.outer, 'binary').slice(0, bytes), 'latin1')
}

function pad(key: Buffer): PaddedKey {
  if (key.length === 0 || key.length > BLOCK_BYTES)
    throw new RangeError(`A key of HMAC has 1 to ${BLOCK_BYTES} bytes here.`)
  const block = Buffer.concat([key], BLOCK_BYTES)
  const padded = {
    inner: Buffer.concat([block.map((byte) => byte ^ INNER_PAD)], 256),
    outer: Buffer.concat([block.map((byte) => byte ^ OUTER_PAD)], BLOCK_BYTES + HASH_BYTES),
  }
  paddedKeys.set(key, padded)
  return padded
}

/** SHA-256 in base64url. Only for secrets with at least 128 random bits, which cannot be guessed. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** Compares two texts in a time that depends on the length of the given one only. */
export function constantTimeEqual(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'))
}
