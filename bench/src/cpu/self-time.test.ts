import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { addSelfTimes, shortPath } from './self-time.ts'

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 0, columnNumber: 0 })

test('time counts for the function on top, and waiting for none', () => {
  const times = new Map([['work  bundle.js:1', 5]])
  addSelfTimes(times, {
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('work', 'file:///nowhere/bundle.js') },
      { id: 3, callFrame: frame('emit', 'node:events') },
    ],
    samples: [2, 1, 3, 2],
    timeDeltas: [0, 100, 1000, 30],
  })
  expect(Object.fromEntries(times)).toEqual({ 'work  bundle.js:1': 105, 'emit  node:events': 30 })
})

test('a place that its map names no source for is one of the bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'self-time-'))
  const file = join(folder, 'main.js')
  // One segment without a source, as for a line of an npm package.
  writeFileSync(`${file}.map`, JSON.stringify({ version: 3, sources: [], names: [], mappings: 'A' }))
  const times = new Map<string, number>()
  const nodes = [{ id: 1, callFrame: frame('parse', pathToFileURL(file).href) }]
  addSelfTimes(times, { nodes, samples: [1, 1], timeDeltas: [0, 7] })
  rmSync(folder, { recursive: true })
  expect([...times.keys()]).toEqual(['parse  main.js:1'])
})

test('paths are short', () => {
  expect(shortPath('../../../node_modules/.pnpm/zod@4.6.7/node_modules/zod/v4/core.js')).toBe(
    'zod/v4/core.js',
  )
  expect(shortPath('../../../packages/secrets/src/seal.ts')).toBe('packages/secrets/src/seal.ts')
  expect(shortPath('../src/main.ts')).toBe('src/main.ts')
})
