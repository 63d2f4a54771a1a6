import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseKeyRing } from './key-ring.ts'
import { writeMailerKeys } from './mailer-ring.ts'

const script = fileURLToPath(new URL('../../../scripts/mailer-keys.mjs', import.meta.url))
const run = (keys: string) =>
  execFileSync(process.execPath, [script], { env: { EMAILAUTH_SECRET_KEYS: keys }, stdio: 'pipe' }).toString()

test('the script prints what persistence derives', () => {
  const keys = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64')).join(', ')
  expect(run(keys)).toBe(`${writeMailerKeys(parseKeyRing(keys))}\n`)
})

test.each(['', 'c2hvcnQ='])('it refuses %j', (keys) => {
  expect(() => run(keys)).toThrow('must hold base64 of 32 bytes')
})
