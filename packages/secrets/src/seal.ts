import { NONCE_BYTES, TAG_BYTES } from './aead.ts'
import type { KeyRing, RingKey, SealPurpose } from './key-ring.ts'
import { randomBytesOf } from './random.ts'

// Sealed data: format 1 byte | key id 4 | nonce 24 | ciphertext | tag 16.
// Sealed with a salt: first 2 bytes of the key id | the nonce without the salt | ciphertext | tag 16.
//
// The key says with which cipher (key-ring.ts). Both have nonces of 192 bits.
//
// How much may be sealed: two equal nonces under one subkey would reveal the difference of two texts.
// Nonces of 192 random bits collide with a probability of 2^-32 after 2^80 messages.
// With a salt fewer bits are random, so each use of `sealSalted` computes its own bound (bound.test.ts).
const FORMAT = 2
const NONCE_AT = 5
const HINT_BYTES = 2
const BODY_AT = NONCE_AT + NONCE_BYTES

const KEY_IS_GONE = 'The key that sealed this is not in the ring.'

/** Bytes that sealing adds to what is sealed. */
export const SEAL_OVERHEAD = BODY_AT + TAG_BYTES

/** Sealed data cannot be opened: it was altered, the additional data differ, or its key has left the ring. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError'
}

/** Its key is not in the ring. */
export class MissingKeyError extends UnsealError {
  /** The id of that key, in hex. */
  readonly keyId: string

  constructor(keyId: string) {
    super(KEY_IS_GONE)
    this.keyId = keyId
  }
}

/** The purpose of sealed data, and additional data. Both are authenticated, and neither is stored. */
export interface SealContext {
  readonly purpose: SealPurpose
  readonly additionalData: string | Buffer
}

/**
 * Seals text under the ring's newest key. It opens only with the same purpose and additional data.
 */
export function seal(ring: KeyRing, { purpose, additionalData }: SealContext, text: string): Buffer {
  const key = ring.keys[0]
  const head = Buffer.allocUnsafe(BODY_AT)
  head[0] = FORMAT
  key.id.copy(head, 1)
  randomBytesOf(NONCE_BYTES).copy(head, NONCE_AT)
  return key.cipher(purpose).encrypt(head.subarray(NONCE_AT), additionalData, text, head)
}

/**
 * Opens what {@link seal} made, with any key of the ring.
 * @throws {UnsealError}
 */
export function unseal(ring: KeyRing, context: SealContext, sealed: Buffer): string {
  if (sealed.length < SEAL_OVERHEAD || sealed[0] !== FORMAT) throw new UnsealError('Not sealed data.')
  const id = sealed.subarray(1, NONCE_AT)
  const key = ring.byId(id)
  if (key === undefined) throw new MissingKeyError(id.toString('hex'))
  return decrypt(key, context, sealed.subarray(NONCE_AT, BODY_AT), sealed.subarray(BODY_AT)).toString('utf8')
}

/**
 * Like {@link seal} in fewer bytes, for data kept by the million. The format byte and the start of the nonce
 * are stored elsewhere: `salt`, at most 16 bytes, different for each record, so that each has its own key.
 */
export function sealSalted(ring: KeyRing, context: SealContext, salt: Buffer, data: Buffer): Buffer {
  const key = ring.keys[0]
  const random = randomBytesOf(randomLength(salt))
  const head = Buffer.concat([key.id.subarray(0, HINT_BYTES), random])
  return key
    .cipher(context.purpose)
    .encrypt(Buffer.concat([salt, random]), context.additionalData, data, head)
}

/**
 * Opens what {@link sealSalted} made.
 * @throws {UnsealError}
 */
export function unsealSalted(ring: KeyRing, context: SealContext, salt: Buffer, sealed: Buffer): Buffer {
  const bodyAt = HINT_BYTES + randomLength(salt)
  if (sealed.length < bodyAt + TAG_BYTES) throw new UnsealError('Not sealed data.')
  const nonce = Buffer.concat([salt, sealed.subarray(HINT_BYTES, bodyAt)])
  let fault: unknown
  // In one of 65,536 rings two keys have the same hint. Then both are tried.
  for (const key of ring.keys) {
    if (key.id[0] !== sealed[0] || key.id[1] !== sealed[1]) continue
    try {
      return decrypt(key, context, nonce, sealed.subarray(bodyAt))
    } catch (error) {
      fault = error
    }
  }
  throw fault ?? new UnsealError(KEY_IS_GONE)
}

/** Whether the newest key sealed it. If not, data that outlives keys is sealed again. */
export function isSealedWithNewest(ring: KeyRing, sealed: Buffer): boolean {
  return ring.keys[0].id.equals(sealed.subarray(1, NONCE_AT))
}

/** Random bytes of each nonce. */
const SALTED_RANDOM_BYTES_MIN = 8

function randomLength(salt: Buffer): number {
  const bytes = NONCE_BYTES - salt.length
  if (bytes < SALTED_RANDOM_BYTES_MIN)
    throw new RangeError(`A salt has at most 16 bytes, not ${salt.length}.`)
  return bytes
}

function decrypt(
  key: RingKey,
  { purpose, additionalData }: SealContext,
  nonce: Buffer,
  sealed: Buffer,
): Buffer {
  try {
    return key.cipher(purpose).decrypt(nonce, additionalData, sealed)
  } catch (cause) {
    throw new UnsealError('Sealed data was altered or moved.', { cause })
  }
}
