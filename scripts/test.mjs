// `npm test`: everything that must hold, on a fresh machine. Ends with "N passed, N failed".
// `npm test -- --only lint,unit` runs some of the steps: lint, types, unit, e2e.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPrerequisites } from './prerequisites.mjs'
import { build, env, install, root } from './setup.mjs'

const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : undefined
const reports = mkdtempSync(join(tmpdir(), 'emailauth-reports-'))
let passed = 0
let failed = 0

/** Runs one step; a step with a report counts each of its tests, one without counts as one. */
function step(name, command, args, report) {
  if (only !== undefined && !only.includes(name)) return
  process.stdout.write(`\n── ${name}: ${command} ${args.join(' ')}\n`)
  const done = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' })
  const counts = report === undefined ? undefined : report()
  if (counts === undefined) {
    if (done.status === 0) passed += 1
    else failed += 1
    return
  }
  passed += counts.passed
  failed += counts.failed
  // A runner that fails without a failed test has failed all the same, and so has one that ran none.
  if ((done.status !== 0 && counts.failed === 0) || counts.passed + counts.failed === 0) failed += 1
}

function vitestReport(file) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests }
  } catch {
    return { passed: 0, failed: 0 }
  }
}

function playwrightReport(file) {
  try {
    const { stats } = JSON.parse(readFileSync(file, 'utf8'))
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky }
  } catch {
    return { passed: 0, failed: 0 }
  }
}

install()
installPrerequisites()
build()

const unit = join(reports, 'unit.json')
const e2e = join(reports, 'e2e.json')
env.PLAYWRIGHT_JSON_OUTPUT_NAME = e2e

step('lint', 'pnpm', ['run', 'lint'])
step('types', 'turbo', ['run', 'typecheck', '--output-logs=errors-only'])
step('unit', 'vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unit}`], () =>
  vitestReport(unit),
)
step('e2e', 'pnpm', ['--filter', '@emailauth/e2e', 'run', 'test', '--reporter=list,json'], () =>
  playwrightReport(e2e),
)

rmSync(reports, { recursive: true, force: true })
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
