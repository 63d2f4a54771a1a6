// Runs test files many times, each time in a new process of Vitest, to find what fails now and then:
//   npm run repeat -- 50 apps/mailer/test/webhooks/webhooks.test.ts apps/mailer/test/soak/soak.test.ts
//   npm run repeat -- 50 --busy 2 apps/mailer/test/soak/soak.test.ts    beside two busy loops of stress-ng
// `--at-once 2` runs two at a time. It goes on after a failure, and ends with how many runs failed in which
// test. It is started by repeat.mjs, which ends all of it when a signal comes.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { env, root } from '../setup/setup.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { busy: { type: 'string' }, 'at-once': { type: 'string' } },
})
const [times, ...files] = positionals
const runs = count(times)
const busy = count(values.busy ?? '0')
const atOnce = count(values['at-once'] ?? '1')
if (!(runs > 0 && busy >= 0 && atOnce > 0) || files.length === 0) {
  process.stderr.write('Usage: npm run repeat -- TIMES [--busy LOOPS] [--at-once RUNS] FILE…\n')
  process.exit(64)
}

function count(text) {
  return /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN
}

const reports = mkdtempSync(join(tmpdir(), 'emailauth-repeat-'))
/** A folder has many files. With more workers than cores each is starved, and tests time out. */
const workers = Math.min(files.length, availableParallelism())
/** How many runs failed in each test. */
const failures = new Map()
let done = 0
let failed = 0

async function run(at) {
  const report = join(reports, `${at}.json`)
  const args = ['run', '--reporter=json', `--outputFile=${report}`, `--maxWorkers=${workers}`, ...files]
  const child = spawn('vitest', args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const status = await new Promise((resolve, reject) => {
    child.once('close', resolve)
    child.once('error', reject)
  })
  done += 1
  const found = failedIn(report)
  // A run without a report, or one that fails without a failed test, says why itself.
  if (status !== 0 && found.length === 0) found.push({ test: 'the run itself', why: output })
  if (found.length > 0) failed += 1
  for (const { test } of found) failures.set(test, (failures.get(test) ?? 0) + 1)
  process.stdout.write(`${done} of ${runs}\n`)
  for (const { test, why } of found) process.stdout.write(`  ${test}\n${indented(why ?? '')}\n`)
}

/** A whole message: its first line says that two values differ, and only the others in what. */
function indented(text) {
  return text.replace(/^/gm, '    ')
}

/** Vitest's report has the stack of an error without its message, and of a time-out this word instead. */
function failedIn(report) {
  let results = []
  try {
    results = JSON.parse(readFileSync(report, 'utf8')).testResults
  } catch {}
  return results.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed')
    if (tests.length === 0) return status === 'failed' ? [{ test: relative(root, name), why: message }] : []
    return tests.map(({ fullName, failureMessages }) => ({
      test: `${relative(root, name)} › ${fullName}`,
      why: failureMessages[0]?.replace('STACK_TRACE_ERROR', 'The test timed out.'),
    }))
  })
}

const load = busy === 0 ? undefined : spawn('stress-ng', ['--cpu', String(busy)], { stdio: 'ignore' })
load?.once('error', (error) => {
  process.stderr.write(`stress-ng: ${error.message}\n`)
  process.exit(1)
})
process.once('exit', () => load?.kill())

let begun = 0
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    while (begun < runs) await run(++begun)
  }),
)
for (const [name, number] of failures) process.stdout.write(`${number} times: ${name}\n`)
process.stdout.write(`${runs - failed} runs passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
