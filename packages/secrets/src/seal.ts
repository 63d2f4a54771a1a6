import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { KeyRing } from './key-ring.ts'
import { drawBytes } from './random.ts'

// Sealed data: format 1 byte | key id 4 | nonce 12 | ciphertext | tag 16.
const FORMAT = 1
const NONCE_AT = 5
const NONCE_BYTES = 12
const BODY_AT = NONCE_AT + NONCE_BYTES
const TAG_LENGTH = 16

/** Bytes that sealing adds to what is sealed. */
export const SEAL_OVERHEAD = BODY_AT + TAG_LENGTH

/** Sealed data that cannot be opened: altered, moved to another place, or its key has left the ring. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError'
}

/**
 * Seals text with AES-256-GCM under the ring's newest key. `place` is authenticated but not stored: data that is moved to
 * another place does not open there.
 */
export function seal(ring: KeyRing, place: string | Buffer, text: string): Buffer {
  const key = ring.keys[0]
  const head = Buffer.allocUnsafe(BODY_AT)
  head[0] = FORMAT
  key.id.copy(head, 1)
  drawBytes(NONCE_BYTES).copy(head, NONCE_AT)
  const cipher = createCipheriv('aes-256-gcm', key.subkey('seal'), head.subarray(NONCE_AT))
  cipher.setAAD(typeof place === 'string' ? Buffer.from(place) : place)
  return Buffer.concat([head, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/**
 * Opens what {@link seal} made, with whichever key of the ring made it.
 * @throws {UnsealError}
 */
export function unseal(ring: KeyRing, place: string | Buffer, sealed: Buffer): string {
  if (sealed.length < SEAL_OVERHEAD || sealed[0] !== FORMAT) throw new UnsealError('Not sealed data.')
  const key = ring.byId(sealed.subarray(1, NONCE_AT))
  if (key === undefined) throw new UnsealError('The key that sealed this is not in the ring.')
  const decipher = createDecipheriv('aes-256-gcm', key.subkey('seal'), sealed.subarray(NONCE_AT, BODY_AT))
  decipher.setAAD(typeof place === 'string' ? Buffer.from(place) : place)
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_LENGTH))
  try {
    const head = decipher.update(sealed.subarray(BODY_AT, sealed.length - TAG_LENGTH))
    return Buffer.concat([head, decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new UnsealError('Sealed data was altered or moved.', { cause })
  }
}

/** Whether the newest key sealed it: what lives longer than a key is sealed anew when not. */
export function isSealedWithNewest(ring: KeyRing, sealed: Buffer): boolean {
  return ring.keys[0].id.equals(sealed.subarray(1, NONCE_AT))
}
