import { setFlagsFromString } from 'node:v8'
import type { Sodium } from 'libsodium'
import { type Aead, checkKey, checkNonce, KEY_BYTES, NONCE_BYTES, TAG_BYTES, tagAtOf } from './aead.ts'
import { loadedSodium, loadSodium } from './sodium.ts'

// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) by libsodium. Node has ChaCha20-Poly1305, but each record
// would need a cipher object of OpenSSL's, whose making and collecting takes most of the time.

const NONCE_AT = KEY_BYTES
const DATA_AT = NONCE_AT + NONCE_BYTES
/** The first room for a call's data. A larger call makes it larger. */
const ROOM_BYTES = 65_536
/** No character of a text takes more bytes in UTF-8. */
const UTF8_BYTES_MAX = 3

/** Where a call's data lie in libsodium's memory: key, nonce, additional data, text with its tag. */
interface Room {
  readonly at: number
  readonly bytes: number
  /** The whole memory. */
  readonly memory: Buffer
}

let room: Room | undefined

const FLAGS = ['wasm-tier-up', 'wasm-dynamic-tiering']

let loading: Promise<void> | undefined

/** Loads the cipher, once. Some milliseconds, so only who has a key for it does. */
export function loadXChaCha(): Promise<void> {
  loading ??= load()
  return loading
}

/**
 * A service keeps V8 from optimizing the WebAssembly of its HTTP client, which has been compiled by now
 * (packages/service/src/bundle/load-bundle.ts). Here it is called all the time, and four times as fast. V8
 * decides this when it compiles a function, which is at its first call. Afterwards the flags are set back,
 * because a code cache is for the flags under which it was written.
 */
async function load(): Promise<void> {
  for (const flag of FLAGS) setFlagsFromString(`--${flag}`)
  try {
    await loadSodium()
    callOnce()
  } finally {
    for (const flag of FLAGS) setFlagsFromString(`--no-${flag}`)
  }
}

/** With more than a block of the cipher, so that each of its functions is called. */
function callOnce(): void {
  const cipher = createXChaCha(Buffer.alloc(KEY_BYTES))
  const [nonce, text] = [Buffer.alloc(NONCE_BYTES), 'text'.repeat(64)]
  if (cipher.decrypt(nonce, text, cipher.encrypt(nonce, text, text)).toString() !== text)
    throw new Error('libsodium does not open what it has sealed.')
}

/**
 * XChaCha20-Poly1305 under one key. Works once {@link loadXChaCha} has ended.
 * @param key 32 bytes.
 * @throws {RangeError} when it has another length.
 */
export function createXChaCha(key: Buffer): Aead {
  checkKey(key)

  return {
    encrypt(nonce, additionalData, data, head) {
      checkNonce(nonce)
      const sodium = loadedSodium()
      const { at, memory } = roomFor(sodium, bytesAtMost(additionalData) + bytesAtMost(data))
      key.copy(memory, at)
      nonce.copy(memory, at + NONCE_AT)
      const additionalAt = at + DATA_AT
      const additionalBytes = write(additionalData, memory, additionalAt)
      const textAt = additionalAt + additionalBytes
      const textBytes = write(data, memory, textAt)
      // biome-ignore format: as the declaration names them
      sodium._crypto_aead_xchacha20poly1305_ietf_encrypt(
        textAt, 0, textAt, textBytes, 0, additionalAt, additionalBytes, 0, 0, at + NONCE_AT, at,
      )
      const headBytes = head?.length ?? 0
      const sealed = Buffer.allocUnsafe(headBytes + textBytes + TAG_BYTES)
      head?.copy(sealed)
      memory.copy(sealed, headBytes, textAt, textAt + textBytes + TAG_BYTES)
      return sealed
    },

    decrypt(nonce, additionalData, sealed) {
      checkNonce(nonce)
      const textBytes = tagAtOf(sealed)
      const sodium = loadedSodium()
      const { at, memory } = roomFor(sodium, bytesAtMost(additionalData) + sealed.length)
      key.copy(memory, at)
      nonce.copy(memory, at + NONCE_AT)
      const additionalAt = at + DATA_AT
      const additionalBytes = write(additionalData, memory, additionalAt)
      const textAt = additionalAt + additionalBytes
      sealed.copy(memory, textAt)
      // biome-ignore format: as the declaration names them
      const fault = sodium._crypto_aead_xchacha20poly1305_ietf_decrypt(
        textAt, 0, 0, textAt, sealed.length, 0, additionalAt, additionalBytes, 0, at + NONCE_AT, at,
      )
      if (fault !== 0) throw new Error('The tag does not fit.')
      const data = Buffer.allocUnsafe(textBytes)
      memory.copy(data, 0, textAt, textAt + textBytes)
      return data
    },
  }
}

function roomFor(sodium: Sodium, dataBytes: number): Room {
  const bytes = DATA_AT + dataBytes + TAG_BYTES
  if (room !== undefined && room.bytes >= bytes) return room
  if (room !== undefined) sodium._free(room.at)
  room = undefined
  const size = Math.max(ROOM_BYTES, 2 * bytes)
  const at = sodium._malloc(size)
  if (at === 0) throw new Error(`libsodium has no room for ${size} bytes.`)
  room = { at, bytes: size, memory: Buffer.from(sodium.HEAPU8.buffer) }
  return room
}

function bytesAtMost(data: string | Buffer): number {
  return typeof data === 'string' ? UTF8_BYTES_MAX * data.length : data.length
}

function write(data: string | Buffer, memory: Buffer, at: number): number {
  return typeof data === 'string' ? memory.write(data, at) : data.copy(memory, at)
}
