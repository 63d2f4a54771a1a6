import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NODE_FLAGS } from '../lifecycle/node-flags.ts'

const SCRIPT = fileURLToPath(new URL('../../../../scripts/build/bundle-service.mjs', import.meta.url))

describe('a service of two files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emailauth-bundle-'))
  const dist = join(folder, 'dist')

  beforeAll(() => {
    mkdirSync(join(folder, 'src'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'src/fail.ts'), 'export function fail(): never {\n  throw new Error("é")\n}\n')
    writeFileSync(
      join(folder, 'src/main.ts'),
      `import { fail } from './fail.ts'
export async function start({ usedCodeCache }: { usedCodeCache: boolean }) {
  const { join } = await import('node:path')
  const stack = await Promise.reject(1).catch(() => { try { fail() } catch (error) { return (error as Error).stack } })
  const ofNode = await Promise.reject(1).catch(() => { try { join(1 as never) } catch (error) { return (error as Error).stack } })
  console.log(JSON.stringify({ usedCodeCache, stack, ofNode, url: import.meta.url, joined: join('a', 'b') }))
}\n`,
    )
    execFileSync(process.execPath, [SCRIPT], { cwd: folder })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function bundle(): string {
    const name = readdirSync(dist).find((each) => each.endsWith('.cjs'))
    if (name === undefined) throw new Error('no bundle')
    return join(dist, name)
  }
  function run(...flags: string[]) {
    const text = execFileSync(process.execPath, [...flags, join(dist, 'main.js')], { encoding: 'utf8' })
    return JSON.parse(text) as {
      usedCodeCache: boolean
      stack: string
      ofNode: string
      url: string
      joined: string
    }
  }

  test('is one bundle with its map and code cache, and what loads it', () => {
    const name = bundle().slice(dist.length + 1)
    expect(readdirSync(dist).sort()).toEqual(['main.js', name, `${name}.code-cache`, `${name}.map`])
  })

  test('names TypeScript files in stack traces', () => {
    const { stack, ofNode, url, joined } = run()
    expect(ofNode).toMatch(/^TypeError \[ERR_INVALID_ARG_TYPE\]: The "path" argument must be /)
    expect(stack).toContain(`Error: é\n    at fail (file://${folder}/src/fail.ts:2:9)\n`)
    expect(stack).toContain(`file://${folder}/src/main.ts:4:`)
    expect(url).toMatch(/\/dist\/service-.*\.cjs$/)
    expect(joined).toBe(join('a', 'b'))
  })

  test.each([
    [[]],
    [NODE_FLAGS],
    [['--max-old-space-size=200']],
    [['--max-semi-space-size=4', '--max-heap-size=300']],
  ])('is not compiled at a start with the flags %j', (flags) => {
    expect(run(...flags)).toMatchObject({ usedCodeCache: true })
  })

  test('starts without a code cache that fits, and so it does with one that is damaged or missing', () => {
    expect(run('--stack-size=900')).toMatchObject({ usedCodeCache: false })
    const cache = `${bundle()}.code-cache`
    const whole = readFileSync(cache)
    writeFileSync(cache, whole.subarray(0, 100))
    expect(run()).toMatchObject({ usedCodeCache: false })
    // Each of these has V8's head, so V8 alone would run what follows, and crash.
    for (const from of [100, Math.floor(whole.length / 2), whole.length - 100]) {
      writeFileSync(cache, Buffer.from(whole).fill(0, from))
      expect(run()).toMatchObject({ usedCodeCache: false })
    }
    writeFileSync(cache, '')
    expect(run()).toMatchObject({ usedCodeCache: false })
    rmSync(cache)
    expect(run()).toMatchObject({ usedCodeCache: false })
    writeFileSync(cache, whole)
    expect(run()).toMatchObject({ usedCodeCache: true })
  })

  test('does not use a code cache that was made on another processor', () => {
    const other = join(folder, 'other-processor.cjs')
    writeFileSync(other, "Object.defineProperty(process, 'arch', { value: 'another' })")
    expect(run('--require', other)).toMatchObject({ usedCodeCache: false })
  })

  test('shows frames of the bundle when the map is missing', () => {
    rmSync(`${bundle()}.map`)
    expect(run().stack).toMatch(/at fail \(file:\/\/.*\/dist\/service-.*\.cjs:\d+:\d+\)/)
  })
})
