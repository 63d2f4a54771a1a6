import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { randomId } from './random.ts'

// ea_<key id: 12 characters>_<secret: 32 characters, 192 bits><checksum: 6 characters>. A test tenant's:
// ea_test_…
const FORM = /^ea_(test_)?([0-9a-z]{12})_([A-Za-z0-9_-]{32})([0-9a-z]{6})$/
const TEST_PREFIX = 'test_'

export interface ApiKeyParts {
  readonly keyId: string
  readonly secret: string
  /** Whether its prefix marks it as a test tenant's. */
  readonly test: boolean
}

/** Generates a new API key with a CSPRNG: 192 bits of secret. `test`: for a test tenant. */
export function generateApiKey(test = false): ApiKeyParts & { readonly key: string } {
  const keyId = randomId(12)
  const secret = randomBytes(24).toString('base64url')
  const prefix = test ? TEST_PREFIX : ''
  return { keyId, secret, test, key: `ea_${prefix}${keyId}_${secret}${checksum(prefix, keyId, secret)}` }
}

/** Parses a key. Undefined when its form or checksum is wrong, so that a typing error costs no look-up. */
export function parseApiKey(key: string): ApiKeyParts | undefined {
  const [, prefix = '', keyId, secret, sum] = FORM.exec(key) ?? []
  if (keyId === undefined || secret === undefined) return undefined
  if (sum !== checksum(prefix, keyId, secret)) return undefined
  return { keyId, secret, test: prefix === TEST_PREFIX }
}

/** CRC-32 in base 36: tells a mistyped key from a wrong one. It protects nothing. */
function checksum(prefix: string, keyId: string, secret: string): string {
  return (crc32(`${prefix}${keyId}_${secret}`) % 36 ** 6).toString(36).padStart(6, '0')
}
