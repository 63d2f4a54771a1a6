import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { KeyRing, RingKey } from './key-ring.ts'
import { randomBytesOf } from './random.ts'

// Sealed data: format 1 byte | key id 4 | nonce 12 | ciphertext | tag 16.
// Sealed beside a salt: first bytes of the key id 2 | the nonce without the salt | ciphertext | tag 16.
const FORMAT = 1
const NONCE_AT = 5
const HINT_BYTES = 2
const NONCE_BYTES = 12
const BODY_AT = NONCE_AT + NONCE_BYTES
const TAG_LENGTH = 16

const KEY_IS_GONE = 'The key that sealed this is not in the ring.'

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
  randomBytesOf(NONCE_BYTES).copy(head, NONCE_AT)
  return encrypt({ key, nonce: head.subarray(NONCE_AT), place }, head, text)
}

/**
 * Opens what {@link seal} made, with whichever key of the ring made it.
 * @throws {UnsealError}
 */
export function unseal(ring: KeyRing, place: string | Buffer, sealed: Buffer): string {
  if (sealed.length < SEAL_OVERHEAD || sealed[0] !== FORMAT) throw new UnsealError('Not sealed data.')
  const key = ring.byId(sealed.subarray(1, NONCE_AT))
  if (key === undefined) throw new UnsealError(KEY_IS_GONE)
  return decrypt(
    { key, nonce: sealed.subarray(NONCE_AT, BODY_AT), place },
    sealed.subarray(BODY_AT),
  ).toString('utf8')
}

/**
 * As {@link seal}, in fewer bytes, for what is kept by the million. Its format is told by what stands around it, and so is the beginning of its
 * nonce: `salt`, random bytes that were drawn for this call alone.
 */
export function sealSalted(ring: KeyRing, place: string | Buffer, salt: Buffer, data: Buffer): Buffer {
  const key = ring.keys[0]
  const nonce = Buffer.allocUnsafe(NONCE_BYTES)
  salt.copy(nonce)
  randomBytesOf(NONCE_BYTES - salt.length).copy(nonce, salt.length)
  const head = Buffer.allocUnsafe(HINT_BYTES + NONCE_BYTES - salt.length)
  key.id.copy(head, 0, 0, HINT_BYTES)
  nonce.copy(head, HINT_BYTES, salt.length)
  return encrypt({ key, nonce, place }, head, data)
}

/**
 * Opens what {@link sealSalted} made.
 * @throws {UnsealError}
 */
export function unsealSalted(ring: KeyRing, place: string | Buffer, salt: Buffer, sealed: Buffer): Buffer {
  const bodyAt = HINT_BYTES + NONCE_BYTES - salt.length
  if (sealed.length < bodyAt + TAG_LENGTH) throw new UnsealError('Not sealed data.')
  const nonce = Buffer.allocUnsafe(NONCE_BYTES)
  salt.copy(nonce)
  sealed.copy(nonce, salt.length, HINT_BYTES)
  let fault: unknown
  // Two keys share a hint in one ring of 65,536; then both are tried.
  for (const key of ring.keys) {
    if (key.id[0] !== sealed[0] || key.id[1] !== sealed[1]) continue
    try {
      return decrypt({ key, nonce, place }, sealed.subarray(bodyAt))
    } catch (error) {
      fault = error
    }
  }
  throw fault ?? new UnsealError(KEY_IS_GONE)
}

/** Whether the newest key sealed it: what lives longer than a key is sealed anew when not. */
export function isSealedWithNewest(ring: KeyRing, sealed: Buffer): boolean {
  return ring.keys[0].id.equals(sealed.subarray(1, NONCE_AT))
}

interface Cipher {
  readonly key: RingKey
  readonly nonce: Buffer
  readonly place: string | Buffer
}

/** Answers head, ciphertext and tag. */
function encrypt({ key, nonce, place }: Cipher, head: Buffer, data: string | Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key.subkey('seal'), nonce)
  cipher.setAAD(typeof place === 'string' ? Buffer.from(place) : place)
  const body = typeof data === 'string' ? cipher.update(data, 'utf8') : cipher.update(data)
  return Buffer.concat([head, body, cipher.final(), cipher.getAuthTag()])
}

/** @param sealed ciphertext and tag. */
function decrypt({ key, nonce, place }: Cipher, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key.subkey('seal'), nonce)
  decipher.setAAD(typeof place === 'string' ? Buffer.from(place) : place)
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_LENGTH))
  try {
    const data = decipher.update(sealed.subarray(0, sealed.length - TAG_LENGTH))
    return Buffer.concat([data, decipher.final()])
  } catch (cause) {
    throw new UnsealError('Sealed data was altered or moved.', { cause })
  }
}
