import { createPrivateKey, createPublicKey } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runHere } from '../run-here.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-dkim-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const create = (...args: string[]) => runHere(['dkim', 'create', ...args])

test.each(['rsa', 'ed25519'])('the %s key of a domain and its record belong together', async (algorithm) => {
  const out = join(folder, `${algorithm}.pem`)
  const args = ['--domain', 'Bücher.example', '--algorithm', algorithm, '--selector', 'mail', '--out', out]
  const made = await create(...args, '--json')
  expect(made.exitCode).toBe(0)
  const { name, value, setting } = JSON.parse(made.stdout)
  expect(name).toBe('mail._domainkey.xn--bcher-kva.example')
  expect(setting).toBe(`EMAILAUTH_DKIM=xn--bcher-kva.example:mail:${out}`)
  expect((await stat(out)).mode & 0o777).toBe(0o600)
  const key = createPrivateKey(await readFile(out))
  expect(key.asymmetricKeyType).toBe(algorithm)
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const part = algorithm === 'rsa' ? spki : spki.subarray(12)
  expect(value).toBe(`v=DKIM1; k=${algorithm}; p=${part.toString('base64')}`)
  if (algorithm === 'rsa') expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048)

  const before = await readFile(out, 'utf8')
  const again = await create(...args)
  expect([again.exitCode, again.stdout]).toEqual([1, ''])
  expect(again.stderr).toContain('It is there already')
  expect(await readFile(out, 'utf8')).toBe(before)
})

test('for people the record is a line of a zone file, in strings of at most 255 bytes', async () => {
  const { stdout } = await create('--domain', 'acme.example', '--out', join(folder, 'zone.pem'))
  expect(stdout).toMatch(/^s1\._domainkey\.acme\.example\. IN TXT ("[^"]{1,255}" ?){2}\n$/)
})

test.each([
  [],
  ['--domain', 'no domain'],
  ['--domain', 'localhost'],
  ['--domain', 'acme.example', '--selector', 'a:b'],
  ['--domain', 'acme.example', '--algorithm', 'dsa'],
])('%j is a wrong command line, and writes nothing', async (...args) => {
  const out = join(folder, 'none.pem')
  expect((await create(...args, '--out', out)).exitCode).toBe(64)
  await expect(stat(out)).rejects.toThrow()
})
