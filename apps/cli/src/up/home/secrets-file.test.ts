import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSecrets } from './secrets-file.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'emailauth-secrets-'))
})
afterEach(() => rm(home, { recursive: true }))

const none = { secretKeys: undefined, serviceToken: undefined }

test('secrets are generated once, kept, and readable by their owner only', async () => {
  const first = await readSecrets({ home, ...none })
  expect(first.secretKeys).toMatch(/^xchacha20-poly1305:[A-Za-z0-9+/]{43}=$/)
  expect(first.serviceToken).toMatch(/^[0-9a-f]{64}$/)
  expect((await stat(join(home, 'secrets.json'))).mode & 0o777).toBe(0o600)
  expect(await readSecrets({ home, ...none })).toEqual(first)
})

test('what the environment gives stands before the file', async () => {
  const kept = await readSecrets({ home, ...none })
  expect(await readSecrets({ home, secretKeys: 'k', serviceToken: undefined })).toEqual({
    ...kept,
    secretKeys: 'k',
  })
  await rm(join(home, 'secrets.json'))
  expect(await readSecrets({ home, secretKeys: 'k', serviceToken: 't' })).toEqual({
    secretKeys: 'k',
    serviceToken: 't',
  })
  await expect(stat(join(home, 'secrets.json'))).rejects.toThrow('ENOENT')
})

test.each(['', '{}', 'null', '[]', '{"secretKeys":1,"serviceToken":"t"}'])(
  'a file that reads %j is never replaced by itself',
  async (text) => {
    const path = join(home, 'secrets.json')
    await writeFile(path, text)
    await expect(readSecrets({ home, ...none })).rejects.toThrow(`${path} is damaged.`)
    expect(await readFile(path, 'utf8')).toBe(text)
  },
)
