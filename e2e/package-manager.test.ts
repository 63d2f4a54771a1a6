import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const read = (name: string) => readFile(new URL(`../${name}`, import.meta.url), 'utf8')

test('the hash of the package manager is the one that the lock file has for it', async () => {
  const { packageManager } = JSON.parse(await read('package.json'))
  const [, version, hash = ''] = /^pnpm@([\d.]+)\+sha512\.([0-9a-f]{128})$/.exec(packageManager) ?? []
  const lock = await read('pnpm-lock.yaml')
  const [, integrity] = lock.split(`  pnpm@${version}:\n    resolution: {integrity: sha512-`)
  expect(integrity?.split('}')[0]).toBe(Buffer.from(hash, 'hex').toString('base64'))
})

test('"npm install" in a clone says what to type instead', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-clone-'))
  await copyFile(fileURLToPath(new URL('../package.json', import.meta.url)), join(folder, 'package.json'))
  const said = await new Promise<string>((resolve) => {
    execFile('npm', ['install', '--offline'], { cwd: folder }, (_error, _stdout, stderr) => resolve(stderr))
  })
  expect(said).toContain('type-npm-start-instead')
  await rm(folder, { recursive: true })
})

test('changesets run with this Node, the oldest one that is supported included', async () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const said = await new Promise<string>((resolve) => {
    const file = join(root, 'node_modules/@changesets/cli/bin.js')
    execFile(process.execPath, [file, '--version'], { cwd: root }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    )
  })
  expect(said.trim()).toMatch(/^(?:@changesets\/cli )?\d+\.\d+\.\d+$/)
})
