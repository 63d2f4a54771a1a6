import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findCredentials, readCredentials, writeCredentials } from './credentials.ts'

const credentials = { url: 'http://127.0.0.1:4000', apiKey: 'ea_a', adminKey: 'ea_b', inboxUrl: null }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-cli-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('what is written is read back, and only its owner can read it', async () => {
  const path = join(folder, 'credentials.json')
  await writeFile(path, 'old')
  await chmod(path, 0o644)
  await writeCredentials(path, credentials)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readCredentials(path)).toEqual({ path, credentials })
  expect(await readdir(folder)).toEqual(['credentials.json'])
})

test('it is found from any folder below, the nearest first', async () => {
  const deep = join(folder, 'a', 'b', 'c')
  for (const at of [folder, join(folder, 'a')]) await mkdir(join(at, '.emailauth'), { recursive: true })
  await mkdir(deep, { recursive: true })
  await writeCredentials(join(folder, '.emailauth', 'credentials.json'), credentials)
  expect((await findCredentials(undefined, deep))?.path).toBe(join(folder, '.emailauth', 'credentials.json'))
  await writeCredentials(join(folder, 'a', '.emailauth', 'credentials.json'), credentials)
  expect((await findCredentials(undefined, deep))?.path).toBe(
    join(folder, 'a', '.emailauth', 'credentials.json'),
  )
})

test('with a home only that is looked at', async () => {
  await mkdir(join(folder, '.emailauth'))
  await writeCredentials(join(folder, '.emailauth', 'credentials.json'), credentials)
  expect(await findCredentials(join(folder, 'elsewhere'), folder)).toBeUndefined()
})

test.each(['', '{', '[]', 'null', '"text"', '{"url":1}', '{"apiKey":{}}'])(
  '%j is damaged, and says so',
  async (text) => {
    const path = join(folder, 'credentials.json')
    await writeFile(path, text)
    await expect(readCredentials(path)).rejects.toThrow(`${path} is damaged.`)
  },
)

test('unknown fields are left out, missing ones stay missing', async () => {
  const path = join(folder, 'credentials.json')
  await writeFile(path, '{"url":"http://h","more":[1],"apiKey":null,"inboxUrl":null}')
  expect((await readCredentials(path))?.credentials).toEqual({ url: 'http://h', inboxUrl: null })
})
