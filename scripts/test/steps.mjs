// The steps of `npm test`: everything that must hold, on a fresh machine. Ends with "N passed, N failed".
// `npm test -- --only lint,unit` runs some of the steps: lint, types, unit, e2e.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { getPriority, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { env, install, root, startBuild } from '../setup/setup.mjs'
import { playwrightReport, vitestReport } from './failed-tests.mjs'
import { installPrerequisites } from './prerequisites.mjs'
import { PROCESSES } from './projects.mjs'

const STEPS = ['lint', 'types', 'unit', 'e2e']
const only = process.argv.includes('--only')
  ? (process.argv[process.argv.indexOf('--only') + 1] ?? '').split(',')
  : undefined
const unknown = only?.find((name) => !STEPS.includes(name))
// With no step to run nothing would fail either.
if (unknown !== undefined) {
  process.stderr.write(`There is no step "${unknown}"; the steps are ${STEPS.join(', ')}.\n`)
  process.exit(64)
}
const reports = mkdtempSync(join(tmpdir(), 'emailauth-reports-'))
process.once('exit', () => rmSync(reports, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
/** What failed, each in a line, so that the end of a long log says it. */
const failures = []
let passed = 0
let failed = 0

/** Runs one step; a step with a report counts each of its tests, one without counts as one. */
async function step(name, command, args, report, where) {
  if (only !== undefined && !only.includes(name)) return
  process.stdout.write(`\n── ${name}: ${command} ${args.join(' ')}\n`)
  const status = await run(name, command, args, where)
  const counts = report === undefined ? undefined : report()
  if (counts === undefined) {
    if (status === 0) passed += 1
    else fail([`the step ${name}`])
    return
  }
  passed += counts.passed
  fail(counts.failed)
  // A runner that fails without a failed test has failed all the same, and so has one that ran none.
  const ran = counts.passed + counts.failed.length
  if ((status !== 0 && counts.failed.length === 0) || ran === 0) fail([`the step ${name}`])
}

/**
 * Steps that yield the processor to the browsers, and with it what they start. The browsers are few and each
 * of their tests waits for pages; these have enough to run at any time, so no core idles when they yield.
 */
const YIELDING = ['unit', 'lint']
const LOWEST_PRIORITY = 19

/** Runs a command, with the step's name before each line, because two steps write at the same time. */
async function run(name, command, args, where) {
  const child = spawn(command, args, { cwd: root, env, ...where, stdio: ['ignore', 'pipe', 'pipe'] })
  if (YIELDING.includes(name) && child.pid !== undefined)
    setPriority(child.pid, Math.min(getPriority() + 5, LOWEST_PRIORITY))
  for (const output of [child.stdout, child.stderr])
    createInterface({ input: output }).on('line', (line) => process.stdout.write(`${name} │ ${line}\n`))
  return new Promise((resolve) => {
    child.once('close', resolve)
    child.once('error', (error) => {
      process.stdout.write(`${name} │ ${error.message}\n`)
      resolve(1)
    })
  })
}

function fail(names) {
  failed += names.length
  failures.push(...names)
}

install()
// The types need nothing that is built. They are checked beside the build, so that the browsers need not wait
// for them.
const types = step('types', 'node', ['scripts/test/types.mjs'])
// Fetching what is missing takes little of the processor, so it is built meanwhile.
const built = startBuild()
installPrerequisites()
await built

const e2e = join(reports, 'e2e.json')
env.EMAILAUTH_TEST_MODULES = join(reports, 'modules')

async function lint() {
  // One after the other: both at once starve the browsers.
  await types
  await step('lint', 'node', [join(root, 'scripts/setup/run-script.mjs'), 'run', 'lint'])
}

const browsers = () => {
  const folder = join(root, 'e2e')
  const playwright = join(folder, 'node_modules/.bin/playwright')
  const where = { cwd: folder, env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: e2e } }
  return step('e2e', playwright, ['test', '--reporter=list,json'], () => playwrightReport(root, e2e), where)
}

/** The unit tests of one process of Vitest. */
function unitTests({ projects, workers }) {
  const [name] = projects
  const report = join(reports, `${name}.json`)
  const unhandled = join(reports, `${name}-unhandled.json`)
  const args = [
    'run',
    ...projects.map((project) => `--project=${project}`),
    `--maxWorkers=${workers}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    `--reporter=${join(root, 'scripts/test/unhandled-errors.mjs')}`,
  ]
  const where = { env: { ...env, UNHANDLED_ERRORS_FILE: unhandled } }
  return step('unit', 'vitest', args, () => vitestReport(root, report, unhandled), where)
}

// At the same time, because each of them waits a lot.
await Promise.all([browsers(), ...PROCESSES.map(unitTests), lint()])

if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((each) => `  ${each}\n`).join('')}`)
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
