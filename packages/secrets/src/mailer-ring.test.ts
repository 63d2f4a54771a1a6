import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { generateSecretKey, parseKeyRing } from './key-ring.ts'
import { writeMailerKeys } from './mailer-ring.ts'

const script = fileURLToPath(new URL('../../../scripts/mailer-keys.mjs', import.meta.url))
const run = (keys: string) =>
  execFileSync(process.execPath, [script], { env: { EMAILAUTH_SECRET_KEYS: keys }, stdio: 'pipe' }).toString()

test('the script prints what persistence derives', () => {
  const keys = [randomBytes(32).toString('base64'), generateSecretKey()].join(', ')
  expect(run(keys)).toBe(`${writeMailerKeys(parseKeyRing(keys))}\n`)
})

test.each(['', 'c2hvcnQ=', 'xchacha20-poly1305:c2hvcnQ=', `aes:${randomBytes(32).toString('base64')}`])(
  'it refuses %j',
  (keys) => {
    expect(() => run(keys)).toThrow('must hold base64 of 32 bytes')
  },
)
