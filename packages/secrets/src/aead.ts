/** Bytes of a nonce. */
export const NONCE_BYTES = 24
/** Bytes that encryption adds. */
export const TAG_BYTES = 16
export const KEY_BYTES = 32

/** Authenticated encryption with additional data, under one key. */
export interface Aead {
  /** Returns `head`, by default nothing, then the ciphertext, then the tag. */
  encrypt(nonce: Buffer, additionalData: string | Buffer, data: string | Buffer, head?: Buffer): Buffer
  /**
   * @param sealed ciphertext, then the tag.
   * @throws {Error} when the nonce, the additional data or the sealed bytes are not those of one `encrypt`.
   */
  decrypt(nonce: Buffer, additionalData: string | Buffer, sealed: Buffer): Buffer
}

/** @throws {RangeError} */
export function checkKey(key: Buffer): void {
  if (key.length !== KEY_BYTES) throw new RangeError(`A key has ${KEY_BYTES} bytes, not ${key.length}.`)
}

/** @throws {RangeError} */
export function checkNonce(nonce: Buffer): void {
  if (nonce.length !== NONCE_BYTES)
    throw new RangeError(`A nonce has ${NONCE_BYTES} bytes, not ${nonce.length}.`)
}

/**
 * Where the tag begins.
 * @throws {RangeError}
 */
export function tagAtOf(sealed: Buffer): number {
  const at = sealed.length - TAG_BYTES
  if (at < 0) throw new RangeError('Sealed data is shorter than its tag.')
  return at
}
