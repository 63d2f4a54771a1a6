import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { APART, OTHERS, PROCESSES } from '../../scripts/test/projects.mjs'

const ROOT = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'emailauth-npm-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

function run(...args: string[]) {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, stderr }
}

test.each([['--only', 'lnit'], ['--only', 'lint,units'], ['--only']])(
  'npm test %s %s: a step that does not exist is no success',
  (...args) => {
    const { status, stderr } = run(join(ROOT, 'scripts/test/test.mjs'), ...args)
    expect(status).toBe(64)
    expect(stderr).toMatch(/^There is no step ".*"; the steps are lint, types, unit, e2e\.\n$/)
  },
)

test('each project of Vitest runs in one of its processes', () => {
  const run = PROCESSES.flatMap(({ projects }) => projects)
  expect(run.sort()).toEqual([...Object.keys(APART), OTHERS].sort())
})

test.each([
  ['fails', 'exit 3', 3],
  ['is ended by a signal', 'kill -KILL $$', 1],
] as const)('a build that %s ends npm test with a failure', (_how, command, status) => {
  for (const each of ['apps/cli/bin', 'scripts/setup', 'node_modules/.bin'])
    mkdirSync(join(folder, each), { recursive: true })
  for (const file of ['package.json', 'apps/cli/bin/refused-node.js', 'scripts/setup/setup.mjs'])
    copyFileSync(join(ROOT, file), join(folder, file))
  const turbo = join(folder, 'node_modules/.bin/turbo')
  writeFileSync(turbo, `#!/bin/sh\n${command}\n`)
  chmodSync(turbo, 0o755)
  const setup = pathToFileURL(join(folder, 'scripts/setup/setup.mjs')).href
  const done = run('--input-type=module', '-e', `import { startBuild } from '${setup}'; await startBuild()`)
  expect(done.stderr).toContain('" failed.')
  expect(done.status).toBe(status)
})
