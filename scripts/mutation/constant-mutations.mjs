// Multiplies each numeric constant of the code by ten, one at a time, and reports those that no test notices:
// `npm run mutation:constants -- --minutes 30 packages/rpc apps/persistence/src/webhooks`.
// Sources change while it runs and are put back: run it in a worktree of its own. The next run goes on where
// this one stopped. A test that timed out is tried again alone at the end, because a busy machine may be the
// reason. Constants that need no test stand in constant-exceptions.json, each with its reason. Where imports
// do not lead soon to the test that holds one, constant-tests.json names it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../setup/setup.mjs'
import { findBounds } from './find-bounds.mjs'
import { findConstants } from './find-constants.mjs'
import { nearestTests } from './nearest-tests.mjs'
import { close, firstFailure, invalidate, quickFirst } from './run-tests.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** How long new mutants are begun. */
    minutes: { type: 'string', default: '30' },
    /** How many test files are run for each constant, nearest by imports first. */
    tests: { type: 'string', default: '8' },
    /** Runs those again that survived fewer tests, and those whose test has changed since. */
    survivors: { type: 'boolean', default: false },
    /** Instead of the constants: numbers without a name, such as bounds of shapes and values in objects. */
    bounds: { type: 'boolean', default: false },
    /** Instead of the others: those of constant-exceptions.json, of which a test may hold some by now. */
    exceptions: { type: 'boolean', default: false },
    /** Tries only those whose file and name match this regular expression. */
    named: { type: 'string', default: '' },
    /** Only prints what is known. */
    report: { type: 'boolean', default: false },
  },
})
const testsOfEach = Number(values.tests)
const until = Date.now() + Number(values.minutes) * 60_000
const resultsFile = join(root, 'node_modules/.cache/constant-mutations.json')
const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : {}
const readList = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
const exceptions = readList('constant-exceptions.json')
const namedTests = readList('constant-tests.json')

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' })
const files = git('ls-files', '-z', 'apps', 'packages', 'e2e').split('\0').filter(Boolean)
const allConstants = findConstants(files)
const allBounds = findBounds(files)
const known = new Set([...allConstants, ...allBounds].map(({ id }) => id))
const tracked = new Set(files)
const stale = [
  ...Object.keys(exceptions).filter((id) => !known.has(id)),
  ...Object.keys(namedTests).filter((id) => !known.has(id) || !tracked.has(namedTests[id])),
]
/** In the order in which the folders are named. */
const folders = positionals.length > 0 ? positionals : ['']
const candidates = values.bounds ? allBounds : allConstants
const inFolders = folders.flatMap((folder) => candidates.filter(({ file }) => file.startsWith(folder)))
const isNamed = new RegExp(values.named)
const chosen = [...new Set(inFolders)].filter(
  ({ id }) => isNamed.test(id) && id in exceptions === values.exceptions,
)

/** A result counts for one form of the constant: after a change of its value it is measured anew. */
const resultOf = ({ id, expression }) => (results[id]?.expression === expression ? results[id] : undefined)

const of = (outcome) => chosen.filter((constant) => resultOf(constant)?.outcome === outcome)

function isPending(constant) {
  const result = resultOf(constant)
  if (result === undefined) return true
  return values.survivors && result.outcome === 'survived'
}

function save() {
  mkdirSync(dirname(resultsFile), { recursive: true })
  writeFileSync(resultsFile, `${JSON.stringify(results, undefined, 1)}\n`)
}

/** Tests that were seen to pass without any change: only they may count as noticing one. */
const green = new Map()
async function isGreen(test) {
  if (!green.has(test)) green.set(test, (await firstFailure([test])) === undefined)
  return green.get(test)
}

/** Runs tests on the changed source. */
async function failureOf(constant, tests, how) {
  const file = join(root, constant.file)
  const source = readFileSync(file, 'utf8')
  const restore = () => writeFileSync(file, source)
  process.once('exit', restore)
  try {
    writeFileSync(file, constant.mutate(source))
    invalidate(file)
    return await firstFailure(tests, how)
  } finally {
    restore()
    process.off('exit', restore)
    invalidate(file)
  }
}

/** What noticed another constant of the same file is tried first. */
const noticed = new Map()

async function tryConstant(constant, without = new Set()) {
  const nearest = nearestTests(constant.file, files, constant).slice(0, testsOfEach)
  const first = [...(noticed.get(constant.file) ?? [])].reverse()
  const named = namedTests[constant.id] === undefined ? [] : [namedTests[constant.id]]
  const tests = [...new Set([...named, ...first, ...quickFirst(nearest)])].filter(
    (test) => green.get(test) !== false && !without.has(test),
  )
  const failure = tests.length === 0 ? undefined : await failureOf(constant, tests)
  if (failure === undefined) return { outcome: 'survived', tests: [...without, ...tests] }
  if (failure.timedOut) return { outcome: 'timed out', by: failure }
  if (!(await isGreen(failure.test))) return tryConstant(constant, without)
  return killed(constant, failure)
}

function killed(constant, by) {
  noticed.set(constant.file, (noticed.get(constant.file) ?? new Set()).add(by.test))
  return { outcome: 'killed', by }
}

/**
 * A test that timed out may have met a busy machine. It counts only if it fails once more with the whole time
 * of `npm test`, and passes right after without the change.
 */
async function tryAlone(constant, { test }) {
  const failure = await failureOf(constant, [test], { alone: true })
  if (failure === undefined) return tryConstant(constant, new Set([test]))
  if ((await firstFailure([test], { alone: true })) !== undefined)
    return { outcome: 'timed out', by: { ...failure, name: 'fails without the change too' } }
  return killed(constant, failure)
}

async function record(constant, attempt) {
  const started = Date.now()
  const result = await attempt()
  results[constant.id] = { expression: constant.expression, ...result }
  save()
  const took = Math.round((Date.now() - started) / 1000)
  const by = result.by === undefined ? '' : `  ${result.by.test}: ${result.by.name}`
  process.stdout.write(`${result.outcome.padEnd(9)} ${String(took).padStart(3)} s  ${constant.id}${by}\n`)
}

if (!values.report) {
  // Each Vitest adds some, and there is one for each package.
  process.setMaxListeners(0)
  if (git('status', '--porcelain', 'apps', 'packages').trim() !== '') {
    process.stderr.write('There are changes in apps or packages. Commit them first, or use a worktree.\n')
    process.exit(2)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  for (const constant of chosen.filter(isPending)) {
    if (Date.now() > until) break
    await record(constant, () => tryConstant(constant))
  }
  for (const constant of of('timed out')) {
    if (Date.now() > until) break
    await record(constant, () => tryAlone(constant, resultOf(constant).by))
  }
  await close()
}

const survived = values.exceptions ? [] : of('survived')
const heldAfterAll = values.exceptions ? of('killed') : []
process.stdout.write(
  `\n${chosen.length} constants: ${of('killed').length} held by a test, ${of('survived').length} by none of the nearest, ` +
    `${of('timed out').length} timed out, ${chosen.filter((constant) => resultOf(constant) === undefined).length} not tried yet; ` +
    `${Object.keys(exceptions).length} exceptions.\n`,
)
for (const { id, expression } of survived) process.stdout.write(`  ${id} = ${expression}\n`)
for (const { id } of heldAfterAll) process.stdout.write(`  ${id} needs no exception any more\n`)
for (const id of stale)
  process.stdout.write(`  a list names ${id}, which is no more, or a test that is no more\n`)
process.exit(survived.length + heldAfterAll.length + stale.length > 0 ? 1 : 0)
