import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeProfiles } from '../connection/profiles.ts'
import { errnoSentence } from '../terminal/errno-sentence.ts'
import { makeFolder } from './make-folder.ts'

let base: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'emailauth-folder-'))
})
afterAll(() => rm(base, { recursive: true }))

test('a folder is made with those above it, for its owner alone; once more and in parallel it is there', async () => {
  const path = join(base, 'a/b/c')
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(base, 'a/b/d'))])
  await makeFolder(path)
  expect((await stat(path)).mode & 0o777).toBe(0o700)
  expect((await stat(join(base, 'a'))).mode & 0o777).toBe(0o700)
})

test('a link to a folder is one; a file in the way is a fault', async () => {
  await makeFolder(join(base, 'real'))
  await symlink(join(base, 'real'), join(base, 'link'))
  await makeFolder(join(base, 'link/in'))
  await writeFile(join(base, 'file'), '')
  await expect(makeFolder(join(base, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(makeFolder(join(base, 'file/in'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

// Node's own never ends here.
test.runIf(process.platform === 'linux')('where no folder can be made it ends with the fault', async () => {
  const fault = await makeFolder('/proc/nobody/.config').catch((error: unknown) => error)
  expect(fault).toMatchObject({ code: 'ENOENT' })
  expect(errnoSentence(fault)).toBe('/proc/nobody: No folder can be made there.')
  await expect(
    writeProfiles({ HOME: '/proc/nobody' }, { current: null, profiles: {} }),
  ).rejects.toMatchObject({ code: 'ENOENT' })
})
