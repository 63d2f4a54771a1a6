import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkDataFolder } from './check-data-folder.ts'

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0

let folder: string
/** A small disk of its own, where this machine lets us mount one. */
let disk: string | undefined
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-doctor-'))
  const path = join(folder, 'disk')
  await mkdir(path)
  disk = await run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path]).then(
    () => path,
    () => undefined,
  )
})
afterAll(async () => {
  if (disk !== undefined) await run('umount', [disk])
  await rm(folder, { recursive: true })
})

test.for([
  ['90m', 'warn', /: 89 MB are free$/],
  ['110m', 'ok', /can be written$/],
] as const)('a disk of %s is %s', async ([size, state, detail], context) => {
  // Root in a container may not be allowed to mount.
  if (disk === undefined) return context.skip()
  await run('mount', ['-o', `remount,size=${size}`, disk])
  expect(await checkDataFolder(disk)).toMatchObject({ state, detail: expect.stringMatching(detail) })
  await run('mount', ['-o', 'remount,size=256k', disk])
})

test('a folder that can be written, one that is not there yet, and nothing is left behind', async () => {
  expect((await checkDataFolder(folder)).state).toMatch(/ok|warn/)
  expect(await readdir(folder)).toEqual(['disk'])
  const later = join(folder, 'a', 'b')
  expect(await checkDataFolder(later)).toMatchObject({
    state: 'ok',
    detail: `${later} is made by the first start`,
  })
})

test.each([
  [0o777, 'Run: chmod 700 '],
  [0o1777, undefined],
  [0o775, undefined],
])('whether others can replace the keys in a folder of mode %i', async (mode, fix) => {
  const open = join(folder, 'open')
  await mkdir(open)
  await chmod(open, mode)
  const found = await checkDataFolder(open)
  await rm(open, { recursive: true })
  if (fix === undefined) return expect(found.detail).not.toContain('replace')
  expect(found).toMatchObject({ state: 'fail', fix: fix + open })
})

test('a path that is no folder', async () => {
  const file = join(folder, 'disk', 'file')
  await writeFile(file, '')
  expect(await checkDataFolder(join(file, 'home'))).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('A part of the path is no folder.'),
  })
  await rm(file)
})

test.skipIf(isRoot)('a folder of somebody else', async () => {
  const closed = join(folder, 'closed')
  await mkdir(closed, { mode: 0o500 })
  expect(await checkDataFolder(closed)).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('This user may not do that.'),
    fix: expect.stringContaining('EMAILAUTH_HOME'),
  })
  await chmod(closed, 0o700)
  await rm(closed, { recursive: true })
})

test('a full disk, and a read-only one', async (context) => {
  if (disk === undefined) return context.skip()
  const little = await checkDataFolder(disk)
  expect(little).toMatchObject({ state: 'warn', detail: expect.stringContaining('0 MB are free') })
  await writeFile(join(disk, 'full'), Buffer.alloc(1024 * 1024)).catch(() => {})
  expect(await checkDataFolder(disk)).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('No space is left on the disk.'),
    fix: expect.stringMatching(/^Free some space/),
  })
  expect(await readdir(disk)).toEqual(['full'])
  await run('mount', ['-o', 'remount,ro', disk])
  expect(await checkDataFolder(disk)).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('The disk is read-only.'),
  })
})
