import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keep } from '@emailauth/testing/keep'
import { startSystem } from '@emailauth/testing/system'
import { expect, onTestFinished, test } from 'vitest'

test('what up keeps is for its user alone, whatever the folder and the umask allow', async () => {
  const home = await mkdtemp(join(tmpdir(), 'emailauth-modes-'))
  await chmod(home, 0o755)
  const before = process.umask(0)
  onTestFinished(async () => {
    process.umask(before)
    await rm(home, { recursive: true, force: true })
  })
  keep(await startSystem({ home }))
  const open: string[] = []
  const kept = await readdir(home, { recursive: true })
  for (const name of kept) {
    // Redis renames files of its own.
    const found = await stat(join(home, name)).catch(() => undefined)
    if (found !== undefined && (found.mode & 0o077) !== 0) open.push(name)
  }
  expect(kept).toContain('credentials.json')
  expect(kept).toContain('redis/redis.sock')
  expect(open).toEqual([])
})
