import { createHash, hkdfSync } from 'node:crypto'

/** What a subkey is for. Each use has its own, so that a digest made for one is worthless for another. */
export type Purpose = 'seal' | 'number' | 'address' | 'client-ip' | 'request' | 'partition'

/** One secret of the ring. */
export interface RingKey {
  /** The first 4 bytes of the secret's SHA-256: names the key in sealed data, whatever its place in the ring. */
  readonly id: Buffer
  /** The 32-byte subkey for one purpose (HKDF-SHA-256). */
  subkey(purpose: Purpose): Buffer
}

/** The keys in force, newest first: the first one writes, all of them read. */
export interface KeyRing {
  readonly keys: readonly [RingKey, ...RingKey[]]
  /** The key that sealed data names, or undefined when it has left the ring. */
  byId(id: Buffer): RingKey | undefined
}

/**
 * Makes a ring of secrets of 32 bytes each, newest first.
 * @throws {Error} when a secret has another length, or stands in the ring twice.
 */
export function createKeyRing(secrets: readonly Buffer[]): KeyRing {
  const [first, ...others] = secrets.map(createRingKey)
  if (first === undefined) throw new Error('A key ring needs at least one secret.')
  const byHexId = new Map([first, ...others].map((key) => [key.id.toString('hex'), key]))
  if (byHexId.size !== secrets.length) throw new Error('A secret stands in the key ring twice.')
  return {
    keys: [first, ...others],
    byId: (id) => byHexId.get(id.toString('hex')),
  }
}

function createRingKey(secret: Buffer): RingKey {
  if (secret.length !== 32) throw new Error(`A secret key has 32 bytes, not ${secret.length}.`)
  const id = createHash('sha256').update('emailauth key id').update(secret).digest().subarray(0, 4)
  const subkeys = new Map<Purpose, Buffer>()
  return {
    id,
    subkey(purpose) {
      const known = subkeys.get(purpose)
      if (known !== undefined) return known
      const made = Buffer.from(hkdfSync('sha256', secret, '', `emailauth ${purpose} v1`, 32))
      subkeys.set(purpose, made)
      return made
    },
  }
}
