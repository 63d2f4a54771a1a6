import { createCipheriv, createDecipheriv } from 'node:crypto'
import { type Aead, checkKey, checkNonce, TAG_BYTES, tagAtOf } from './aead.ts'

// XAES-256-GCM as C2SP specifies it: the first 12 bytes of a 24-byte nonce derive an AES key (CMAC in counter
// mode, NIST SP 800-108), the last 12 are the nonce of AES-256-GCM under that key.

const BLOCK_BYTES = 16
const HALF_BYTES = 12
/** What shifting a block's highest bit out adds to its last byte (NIST SP 800-38B, section 5.3). */
const CMAC_CARRY = 0x87

/**
 * XAES-256-GCM under one key.
 * @param key 32 bytes.
 * @throws {RangeError} when it has another length.
 */
export function createXaes(key: Buffer): Aead {
  checkKey(key)
  // AES on single blocks has no state, so one cipher serves every call.
  const aes = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  const subkey = cmacSubkey(aes.update(Buffer.alloc(BLOCK_BYTES)))
  // CMAC of two one-block messages: a 16-bit counter, the label X, a zero, then half the nonce (set by each
  // call).
  const blocks = Buffer.concat([subkey, subkey])
  for (const [at, byte] of [0, 1, 0x58, 0].entries()) blocks[at] = byte ^ (subkey[at] ?? 0)
  for (const [at, byte] of [0, 2, 0x58, 0].entries()) blocks[BLOCK_BYTES + at] = byte ^ (subkey[at] ?? 0)

  function deriveKey(nonce: Buffer): Buffer {
    checkNonce(nonce)
    for (let i = 0; i < HALF_BYTES; i++) {
      const byte = (nonce[i] ?? 0) ^ (subkey[4 + i] ?? 0)
      blocks[4 + i] = byte
      blocks[BLOCK_BYTES + 4 + i] = byte
    }
    return aes.update(blocks)
  }

  return {
    encrypt(nonce, additionalData, data, head) {
      const cipher = createCipheriv('aes-256-gcm', deriveKey(nonce), nonce.subarray(HALF_BYTES))
      cipher.setAAD(toBytes(additionalData))
      const body = typeof data === 'string' ? cipher.update(data, 'utf8') : cipher.update(data)
      // GCM is a stream cipher: the end adds no bytes.
      cipher.final()
      const tag = cipher.getAuthTag()
      return Buffer.concat(head === undefined ? [body, tag] : [head, body, tag])
    },

    decrypt(nonce, additionalData, sealed) {
      const tagAt = tagAtOf(sealed)
      const options = { authTagLength: TAG_BYTES }
      const decipher = createDecipheriv('aes-256-gcm', deriveKey(nonce), nonce.subarray(HALF_BYTES), options)
      decipher.setAAD(toBytes(additionalData))
      decipher.setAuthTag(sealed.subarray(tagAt))
      const data = decipher.update(sealed.subarray(0, tagAt))
      // Checks the tag; there are no bytes left.
      decipher.final()
      return data
    },
  }
}

/** The subkey K1 of CMAC: the encrypted zero block doubled in GF(2^128). */
function cmacSubkey(encryptedZero: Buffer): Buffer {
  const subkey = Buffer.alloc(BLOCK_BYTES)
  for (let i = 0; i < BLOCK_BYTES; i++) {
    subkey[i] = ((encryptedZero[i] ?? 0) << 1) | ((encryptedZero[i + 1] ?? 0) >> 7)
  }
  if ((encryptedZero[0] ?? 0) >> 7 === 1)
    subkey[BLOCK_BYTES - 1] = (subkey[BLOCK_BYTES - 1] ?? 0) ^ CMAC_CARRY
  return subkey
}

function toBytes(text: string | Buffer): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : text
}
