import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const read = (name: string) => readFile(new URL(`../${name}`, import.meta.url), 'utf8')

test('the hash of the package manager is the one that the lock file has for it', async () => {
  const { packageManager } = JSON.parse(await read('package.json'))
  const [, version, hash = ''] = /^pnpm@([\d.]+)\+sha512\.([0-9a-f]{128})$/.exec(packageManager) ?? []
  const lock = await read('pnpm-lock.yaml')
  const [, integrity] = lock.split(`  pnpm@${version}:\n    resolution: {integrity: sha512-`)
  expect(integrity?.split('}')[0]).toBe(Buffer.from(hash, 'hex').toString('base64'))
})
