import { randomFillSync, randomInt } from 'node:crypto'

const POOL_BYTES = 4096
const pool = Buffer.allocUnsafeSlow(POOL_BYTES)
let used = POOL_BYTES

/**
 * Bytes from Node's CSPRNG, through a pool of 4 KiB: each separate request costs 5 µs, and a register needs
 * four. Returned bytes are wiped from the pool.
 *
 * @throws {RangeError} when `count` exceeds the pool.
 */
export function randomBytesOf(count: number): Buffer {
  if (count > POOL_BYTES) throw new RangeError(`At most ${POOL_BYTES} bytes in one call, not ${count}.`)
  if (used + count > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + count))
  pool.fill(0, used, used + count)
  used += count
  return bytes
}

const ID_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'

/** Digits and small letters from Node's CSPRNG: 5.17 bits for each of these characters. */
export function randomId(characters: number): string {
  return Array.from({ length: characters }, () => ID_ALPHABET[randomInt(ID_ALPHABET.length)]).join('')
}
