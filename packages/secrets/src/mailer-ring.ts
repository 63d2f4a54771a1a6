import { createKeyRing, type KeyRing, type SecretKey, writeSecretKey } from './key-ring.ts'

/**
 * The mailer's key ring: one secret derived from each key of the master ring. The mailer holds only these,
 * so a stolen mailer opens no identity. Persistence seals tenants' SMTP URLs with them.
 */
export function deriveMailerRing(master: KeyRing): KeyRing {
  return createKeyRing(mailerSecrets(master))
}

/** The same as text for `EMAILAUTH_MAILER_KEYS`, comma-separated, newest first. */
export function writeMailerKeys(master: KeyRing): string {
  return mailerSecrets(master).map(writeSecretKey).join(',')
}

const mailerSecrets = (master: KeyRing): SecretKey[] =>
  master.keys.map((key) => ({ cipher: key.cipherName, secret: key.subkey('mailer') }))
