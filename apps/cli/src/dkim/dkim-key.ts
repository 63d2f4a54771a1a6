import { generateKeyPairSync, type KeyObject } from 'node:crypto'

export type DkimAlgorithm = 'rsa' | 'ed25519'

/** A string in a TXT record has at most 255 bytes (RFC 1035, 3.3.14). */
const STRING_MAX = 255
const RSA_BITS = 2048

export interface DkimKeyPair {
  /** The private key, PKCS #8. */
  readonly pem: string
  /** What the TXT record says. */
  readonly record: string
}

export function createDkimKey(algorithm: DkimAlgorithm): DkimKeyPair {
  const { privateKey, publicKey } =
    algorithm === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
      : generateKeyPairSync('ed25519')
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    record: `v=DKIM1; k=${algorithm}; p=${publicPart(publicKey, algorithm)}`,
  }
}

/** RSA as SubjectPublicKeyInfo (RFC 6376, 3.6.1), Ed25519 as its 32 bytes (RFC 8463, 4.2). */
function publicPart(key: KeyObject, algorithm: DkimAlgorithm): string {
  const bytes = key.export({ type: 'spki', format: 'der' })
  return (algorithm === 'rsa' ? bytes : bytes.subarray(-32)).toString('base64')
}

/** The record as a zone file has it, cut into strings that fit. */
export function zoneLine(name: string, record: string): string {
  const strings = record.match(new RegExp(`.{1,${STRING_MAX}}`, 'g')) ?? []
  return `${name}. IN TXT ${strings.map((one) => `"${one}"`).join(' ')}`
}
