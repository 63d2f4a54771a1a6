import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { type Aead, KEY_BYTES } from './aead.ts'
import { createXaes } from './xaes.ts'
import { createXChaCha, loadXChaCha } from './xchacha.ts'

const XAES = 'xaes-256-gcm'
const XCHACHA = 'xchacha20-poly1305'
/** What stands before a key for it. */
const PREFIX = `${XCHACHA}:`

/** With what a key seals. */
export type CipherName = typeof XAES | typeof XCHACHA

/** A secret of 32 bytes, and the one cipher that it is for. */
export interface SecretKey {
  readonly cipher: CipherName
  readonly secret: Buffer
}

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
   * First 4 bytes of a SHA-256 of secret and cipher. Names the key in sealed data, whatever its position in
   * the ring.
   */
  readonly id: Buffer
  readonly cipherName: CipherName
  /** The 32-byte subkey for one purpose (HKDF-SHA-256). */
  subkey(purpose: Purpose): Buffer
  /** The cipher under the subkey for one purpose. */
  cipher(purpose: SealPurpose): Aead
}

/** The keys in use, newest first. The first one seals, all of them open. */
export interface KeyRing {
  readonly keys: readonly [RingKey, ...RingKey[]]
  /** The key that sealed data names. undefined: it has left the ring. */
  byId(id: Buffer): RingKey | undefined
  /** Loads what its ciphers need. A key for XChaCha20-Poly1305 neither seals nor opens before that. */
  ready(): Promise<void>
}

/**
 * Makes a ring of secrets of 32 bytes each, newest first. One without a cipher is for XAES-256-GCM.
 * @throws {Error} when a secret has another length, or is in the ring twice.
 */
export function createKeyRing(secrets: readonly (Buffer | SecretKey)[]): KeyRing {
  const given = secrets.map((key): SecretKey => ('cipher' in key ? key : { cipher: XAES, secret: key }))
  const [first, ...others] = given.map(createRingKey)
  if (first === undefined) throw new Error('A key ring needs at least one secret.')
  const keys = [first, ...others] as const
  if (new Set(given.map(({ secret }) => secret.toString('hex'))).size !== keys.length)
    throw new Error('A secret stands in the key ring twice.')
  const byHexId = new Map(keys.map((key) => [key.id.toString('hex'), key]))
  return {
    keys,
    byId: (id) => byHexId.get(id.toString('hex')),
    ready: async () => {
      if (keys.some(({ cipherName }) => cipherName === XCHACHA)) await loadXChaCha()
    },
  }
}

/**
 * Makes a ring of comma-separated secrets, as the environment holds them: base64 of 32 bytes each, after
 * `xchacha20-poly1305:` if that is the key's cipher.
 * @throws {Error} like {@link createKeyRing}, and for any other prefix.
 */
export function parseKeyRing(list: string): KeyRing {
  return createKeyRing(list.split(',').map((key) => parseSecretKey(key.trim())))
}

/** A secret as {@link parseKeyRing} reads it. */
export function writeSecretKey({ cipher, secret }: SecretKey): string {
  return `${cipher === XCHACHA ? PREFIX : ''}${secret.toString('base64')}`
}

/** A new secret for the faster cipher, as {@link parseKeyRing} reads it. */
export function generateSecretKey(): string {
  return writeSecretKey({ cipher: XCHACHA, secret: randomBytes(KEY_BYTES) })
}

function parseSecretKey(text: string): SecretKey {
  const cipher = text.startsWith(PREFIX) ? XCHACHA : XAES
  const base64 = cipher === XCHACHA ? text.slice(PREFIX.length) : text
  // What stands there may be a secret, so it is not repeated.
  if (base64.includes(':'))
    throw new Error(`A secret key is base64, alone or after ${PREFIX} and nothing else.`)
  return { cipher, secret: Buffer.from(base64, 'base64') }
}

function createRingKey({ cipher: cipherName, secret }: SecretKey): RingKey {
  if (secret.length !== KEY_BYTES)
    throw new Error(`A secret key has ${KEY_BYTES} bytes, not ${secret.length}.`)
  const isXChaCha = cipherName === XCHACHA
  // The prefix is part of id and subkeys, so that no key ever serves two ciphers.
  const named = createHash('sha256').update(`emailauth key id${isXChaCha ? ` ${PREFIX}` : ''}`)
  const derive = (label: string) => Buffer.from(hkdfSync('sha256', secret, '', `emailauth ${label} v1`, 32))
  const subkey = memoize((purpose: Purpose) => derive(purpose))
  const cipher = memoize((purpose: SealPurpose) =>
    isXChaCha ? createXChaCha(derive(`${purpose} ${XCHACHA}`)) : createXaes(subkey(purpose)),
  )
  return { id: named.update(secret).digest().subarray(0, 4), cipherName, subkey, cipher }
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
