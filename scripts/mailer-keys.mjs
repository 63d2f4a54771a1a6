// Prints the value of EMAILAUTH_MAILER_KEYS for the master keys in EMAILAUTH_SECRET_KEYS, so that the mailer
// never holds those: EMAILAUTH_SECRET_KEYS=… node scripts/mailer-keys.mjs It derives them as
// packages/secrets/src/mailer-ring.ts does. A test compares both.
import { hkdfSync } from 'node:crypto'

const list = process.env.EMAILAUTH_SECRET_KEYS ?? ''
const secrets = list.split(',').map((key) => Buffer.from(key.trim(), 'base64'))
if (secrets.some((secret) => secret.length !== 32)) {
  console.error('EMAILAUTH_SECRET_KEYS must hold base64 of 32 bytes each, comma-separated.')
  process.exit(1)
}
const derive = (secret) =>
  Buffer.from(hkdfSync('sha256', secret, '', 'emailauth mailer v1', 32)).toString('base64')
console.log(secrets.map(derive).join(','))
