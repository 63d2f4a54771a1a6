import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { moduleCacheIn } from './module-cache.ts'

function aRepository(): string {
  const root = mkdtempSync(join(tmpdir(), 'emailauth-module-cache-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'apps/one'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{}')
  writeFileSync(join(root, 'apps/one/package.json'), '{}')
  return root
}

test('the cache is the same in the next run', () => {
  const root = aRepository()
  expect(moduleCacheIn(root)).toBe(moduleCacheIn(root))
  expect(existsSync(moduleCacheIn(root))).toBe(true)
})

test.each([
  ['an export of a package', 'apps/one/package.json', '{ "exports": { "./*": "./src/*.ts" } }'],
  ['an option of TypeScript', 'apps/one/tsconfig.json', '{ "compilerOptions": { "jsx": "react-jsx" } }'],
  ['an option of all', 'tsconfig.base.json', '{ "compilerOptions": { "target": "es2022" } }'],
])('%s that changes has another cache', (_what, file, text) => {
  const root = aRepository()
  const before = moduleCacheIn(root)
  writeFileSync(join(root, file), text)
  expect(moduleCacheIn(root)).not.toBe(before)
})

test('a module is kept for a week, also one of earlier settings', () => {
  const root = aRepository()
  const names = ['old', 'young']
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)
  const earlier = moduleCacheIn(root)
  writeFileSync(join(root, 'tsconfig.json'), '{}')
  const folders = [earlier, moduleCacheIn(root)]
  for (const folder of folders) {
    for (const name of names) writeFileSync(join(folder, name), '')
    utimesSync(join(folder, 'old'), daysAgo(7.1), daysAgo(7.1))
    utimesSync(join(folder, 'young'), daysAgo(6.9), daysAgo(6.9))
  }
  moduleCacheIn(root)
  for (const folder of folders)
    expect(names.map((name) => existsSync(join(folder, name)))).toEqual([false, true])
})
