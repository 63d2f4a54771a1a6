import { createHash, hkdfSync } from 'node:crypto'
import { createXaes, type Xaes } from './xaes.ts'

/** The purpose of sealed data. Data sealed for one purpose does not open for another. */
export type SealPurpose =
  | 'identity'
  | 'event'
  | 'audit'
  | 'session'
  | 'store'
  | 'sign-in'
  | 'passkey'
  | 'api-key'
  | 'smtp-url'
  | 'message'
  | 'suppression'
  | 'webhook'
  | 'webhook-event'

/** The purpose of a digest. Digests for two purposes have different keys. */
export type DigestPurpose = 'number' | 'address' | 'client-ip' | 'request' | 'audit-chain' | 'message-token'

/** The purpose of a subkey. `mailer`: the secret of the mailer's own ring. */
export type Purpose = SealPurpose | DigestPurpose | 'mailer'

/** One secret of the ring. */
export interface RingKey {
  /**
   * First 4 bytes of the secret's SHA-256. Names the key in sealed data, whatever its position in the ring.
   */
  readonly id: Buffer
  /** The 32-byte subkey for one purpose (HKDF-SHA-256). */
  subkey(purpose: Purpose): Buffer
  /** The cipher under the subkey for one purpose. */
  cipher(purpose: SealPurpose): Xaes
}

/** The keys in use, newest first. The first one seals, all of them open. */
export interface KeyRing {
  readonly keys: readonly [RingKey, ...RingKey[]]
  /** The key that sealed data names. undefined: it has left the ring. */
  byId(id: Buffer): RingKey | undefined
}

/**
 * Makes a ring of secrets of 32 bytes each, newest first.
 * @throws {Error} when a secret has another length, or is in the ring twice.
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

/**
 * Makes a ring of comma-separated secrets in base64, as the environment holds them.
 * @throws {Error} like {@link createKeyRing}.
 */
export function parseKeyRing(list: string): KeyRing {
  return createKeyRing(list.split(',').map((key) => Buffer.from(key.trim(), 'base64')))
}

function createRingKey(secret: Buffer): RingKey {
  if (secret.length !== 32) throw new Error(`A secret key has 32 bytes, not ${secret.length}.`)
  const id = createHash('sha256').update('emailauth key id').update(secret).digest().subarray(0, 4)
  const derive = (purpose: Purpose) =>
    Buffer.from(hkdfSync('sha256', secret, '', `emailauth ${purpose} v1`, 32))
  const subkey = memoize(derive)
  return { id, subkey, cipher: memoize((purpose: SealPurpose) => createXaes(subkey(purpose))) }
}

function memoize<Name, Value>(make: (name: Name) => Value): (name: Name) => Value {
  const known = new Map<Name, Value>()
  return (name) => {
    const found = known.get(name)
    if (found !== undefined) return found
    const made = make(name)
    known.set(name, made)
    return made
  }
}
