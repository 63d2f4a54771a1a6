import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'emailauth-leaves-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SERVER = `
import { createServer } from 'node:http'
const server = createServer()
test('listens', () => new Promise((listening) => server.listen(0, '127.0.0.1', listening)))
`

/** Files of one worker, in the order of their names. */
const FILES = {
  'a-server': SERVER,
  'b-closes': `${SERVER}\nafterAll(() => void server.close())`,
  'c-fails': `${SERVER}\ntest('fails', () => { throw new Error('for another reason') })`,
  'd-process': `
import { spawn } from 'node:child_process'
test('spawns', () => void spawn(process.execPath, ['-e', 'process.stdin.resume()']))
`,
  'e-fake-timers': `test('sets the clock', () => void vi.useFakeTimers())`,
  'f-spy': `test('spies', () => {
    vi.useFakeTimers()
    const spy = vi.spyOn(globalThis, 'setTimeout')
    vi.useRealTimers()
    spy.mockRestore()
  })`,
  'g-nothing': `test('does nothing', () => {})`,
}

test('a test file that leaves a server, a process or fake timers fails, and no other does', () => {
  const setup = join(root, 'scripts/test/leaves-nothing.ts')
  const config = { test: { globals: true, isolate: false, maxWorkers: 1, setupFiles: [setup] } }
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}`)
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, `${name}.test.js`), text)
  const report = join(folder, 'report.json')
  spawnSync(
    join(root, 'node_modules/.bin/vitest'),
    ['run', '--root', folder, '--reporter=json', `--outputFile=${report}`],
    { stdio: 'ignore', env: { ...process.env, EMAILAUTH_TEST_CLOSING_MS: '500' } },
  )
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const found = testResults.map(({ name, message }: { name: string; message: string }) => [
    basename(name, '.test.js'),
    message,
  ])
  expect(Object.fromEntries(found)).toEqual({
    'a-server': 'This file leaves behind: TCPServerWrap.',
    'b-closes': '',
    'c-fails': '',
    'd-process': 'This file leaves behind: ProcessWrap.',
    'e-fake-timers': 'This file leaves fake timers behind.',
    'f-spy': 'This file leaves behind another setTimeout.',
    'g-nothing': '',
  })
})
