import { createKeyRing, type KeyRing } from './key-ring.ts'

/**
 * The mailer's ring: one secret for each key of the master ring, derived from it. The mailer holds these alone, so
 * that a stolen mailer opens no identity; persistence seals tenants' SMTP URLs with them.
 */
export function deriveMailerRing(master: KeyRing): KeyRing {
  return createKeyRing(mailerSecrets(master))
}

/** The same as text for `EMAILAUTH_MAILER_KEYS`: base64, comma-separated, newest first. */
export function writeMailerKeys(master: KeyRing): string {
  return mailerSecrets(master)
    .map((secret) => secret.toString('base64'))
    .join(',')
}

const mailerSecrets = (master: KeyRing): Buffer[] => master.keys.map((key) => key.subkey('mailer'))
