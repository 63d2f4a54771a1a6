import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { DigestPurpose, RingKey } from './key-ring.ts'

/** HMAC-SHA-256 of text under one key's subkey, cut to `bytes` (RFC 2104, section 5 allows the cut). */
export function digest(key: RingKey, purpose: DigestPurpose, text: string, bytes: number): Buffer {
  return createHmac('sha256', key.subkey(purpose)).update(text).digest().subarray(0, bytes)
}

/** SHA-256 in base64url. Only for secrets with at least 128 random bits, which cannot be guessed. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** Compares two texts in a time that depends on the length of the given one only. */
export function constantTimeEqual(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'))
}
