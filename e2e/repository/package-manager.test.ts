import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '@emailauth/testing/packed'
import { expect, test } from 'vitest'

const read = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8')

test('the hash of the package manager is the one that the lock file has for it', async () => {
  const { packageManager } = JSON.parse(await read('package.json'))
  const [, version, hash = ''] = /^pnpm@([\d.]+)\+sha512\.([0-9a-f]{128})$/.exec(packageManager) ?? []
  const lock = await read('pnpm-lock.yaml')
  const [, integrity] = lock.split(`  pnpm@${version}:\n    resolution: {integrity: sha512-`)
  expect(integrity?.split('}')[0]).toBe(Buffer.from(hash, 'hex').toString('base64'))
})

test('"npm install" in a clone says what to type instead', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-clone-'))
  await copyFile(fileURLToPath(new URL('../../package.json', import.meta.url)), join(folder, 'package.json'))
  const said = await new Promise<string>((resolve) => {
    execFile('npm', ['install', '--offline'], { cwd: folder }, (_error, _stdout, stderr) => resolve(stderr))
  })
  expect(said).toContain('type-npm-start-instead')
  await rm(folder, { recursive: true })
})

test('changesets run with this Node, the oldest one that is supported included', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const said = await new Promise<string>((resolve) => {
    const file = join(root, 'node_modules/@changesets/cli/bin.js')
    execFile(process.execPath, [file, '--version'], { cwd: root }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    )
  })
  expect(said.trim()).toMatch(/^(?:@changesets\/cli )?\d+\.\d+\.\d+$/)
})

test('the pnpm that Turbo calls runs the script of a package, with its programs, and ends as it does', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'emailauth-package-')))
  const build = 'own && echo "$PWD" && exit 3'
  await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { build } }))
  const own = join(folder, 'node_modules/.bin')
  await mkdir(own, { recursive: true })
  await writeFile(join(own, 'own'), '#!/bin/sh\necho the program of the package\n', { mode: 0o755 })
  const pnpm = fileURLToPath(new URL('../../scripts/setup/bin/pnpm', import.meta.url))
  expect(await runProgram(pnpm, ['run', 'build'], { cwd: folder })).toEqual({
    code: 3,
    output: `the program of the package\n${folder}\n`,
  })
  // Any other call is one of pnpm itself.
  expect(await runProgram(pnpm, ['--version'])).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  })
  await rm(folder, { recursive: true })
})
