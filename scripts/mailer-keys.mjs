// Prints the value of EMAILAUTH_MAILER_KEYS for the master keys in EMAILAUTH_SECRET_KEYS, so that the mailer
// never holds those: EMAILAUTH_SECRET_KEYS=… node scripts/mailer-keys.mjs It derives them as
// packages/secrets/src/mailer-ring.ts does. A test compares both.
import { hkdfSync } from 'node:crypto'

const PREFIX = 'xchacha20-poly1305:'
const list = process.env.EMAILAUTH_SECRET_KEYS ?? ''
const keys = list.split(',').map((text) => {
  const prefix = text.trim().startsWith(PREFIX) ? PREFIX : ''
  const base64 = text.trim().slice(prefix.length)
  return { prefix, base64, secret: Buffer.from(base64, 'base64') }
})
if (keys.some(({ base64, secret }) => base64.includes(':') || secret.length !== 32)) {
  console.error(
    `EMAILAUTH_SECRET_KEYS must hold base64 of 32 bytes each, comma-separated, or ${PREFIX} before it.`,
  )
  process.exit(1)
}
const derive = (secret) =>
  Buffer.from(hkdfSync('sha256', secret, '', 'emailauth mailer v1', 32)).toString('base64')
console.log(keys.map(({ prefix, secret }) => prefix + derive(secret)).join(','))
