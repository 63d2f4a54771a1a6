import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findBuild } from './other-build.ts'

test('a built folder is taken as it is; what is neither folder nor revision is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'other-build-'))
  const said: string[] = []
  const find = (which: string) => findBuild(which, join(folder, 'builds'), (sentence) => said.push(sentence))
  await expect(find(folder)).rejects.toThrow(/is no revision of this repository/)
  await expect(find('--help')).rejects.toThrow(/is no revision/)
  mkdirSync(join(folder, 'apps/gateway/dist'), { recursive: true })
  writeFileSync(join(folder, 'apps/gateway/dist/main.js'), '')
  expect((await find(folder)).services.pathname).toBe(`${folder}/apps/`)
  expect(said).toEqual([])
  rmSync(folder, { recursive: true })
})
