// Multiplies each numeric constant of the code by ten, one at a time, and reports those that no test notices:
// `npm run mutation:constants -- --minutes 30 packages/rpc apps/persistence/src/webhooks`.
// It changes sources while it runs and puts them back: run it in a worktree of its own. It goes on where it
// stopped. Constants that need no test stand in constant-exceptions.json, each with its reason.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { createVitest } from 'vitest/node'
import { root } from '../setup/setup.mjs'
import { findConstants } from './find-constants.mjs'
import { nearestTests } from './nearest-tests.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** How long new mutants are begun. */
    minutes: { type: 'string', default: '30' },
    /** How many test files are run for each constant, nearest by imports first. */
    tests: { type: 'string', default: '6' },
    /** Runs those again that survived fewer tests, and those whose test has changed since. */
    survivors: { type: 'boolean', default: false },
    /** Only prints what is known. */
    report: { type: 'boolean', default: false },
  },
})
const testsOfEach = Number(values.tests)
const until = Date.now() + Number(values.minutes) * 60_000
const resultsFile = join(root, 'node_modules/.cache/constant-mutations.json')
const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : {}
const exceptions = JSON.parse(readFileSync(new URL('constant-exceptions.json', import.meta.url), 'utf8'))

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' })
const files = git('ls-files', '-z', 'apps', 'packages', 'e2e').split('\0').filter(Boolean)
const constants = findConstants(files)
const known = new Set(constants.map(({ id }) => id))
const stale = Object.keys(exceptions).filter((id) => !known.has(id))
/** In the order in which the folders are named. */
const folders = positionals.length > 0 ? positionals : ['']
const chosen = folders.flatMap((folder) =>
  constants.filter(({ id, file }) => !(id in exceptions) && file.startsWith(folder)),
)

/** A result counts for one form of the constant: after a change of its value it is measured anew. */
const resultOf = ({ id, expression }) => (results[id]?.expression === expression ? results[id] : undefined)

function isPending(constant) {
  const result = resultOf(constant)
  if (result === undefined) return true
  return values.survivors && result.outcome === 'survived'
}

function save() {
  mkdirSync(dirname(resultsFile), { recursive: true })
  writeFileSync(resultsFile, `${JSON.stringify(results, undefined, 1)}\n`)
}

/** Vitest stays up between mutants, so that only what a mutant changes is transformed again. */
const vitests = new Map()
async function vitestOf(folder) {
  const known = vitests.get(folder)
  if (known !== undefined) return known
  process.chdir(join(root, folder))
  const made = await createVitest(
    'test',
    {
      root: join(root, folder),
      watch: false,
      bail: 1,
      reporters: [{}],
      maxWorkers: 1,
      testTimeout: 30_000,
      hookTimeout: 60_000,
    },
    {},
  )
  await made.standalone()
  vitests.set(folder, made)
  return made
}

/** The first test of the files that fails, or undefined. */
async function firstFailure(tests) {
  for (const test of tests) {
    const vitest = await vitestOf(
      test
        .split('/')
        .slice(0, test.startsWith('e2e/') ? 1 : 2)
        .join('/'),
    )
    const specifications = vitest.getModuleSpecifications(join(root, test))
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, true)
    for (const module of testModules) {
      // Those of earlier runs are listed too.
      if (module.moduleId !== join(root, test) || module.ok()) continue
      for (const failed of module.children.allTests('failed')) return { test, name: failed.fullName }
      return { test, name: 'does not load' }
    }
    if (unhandledErrors.length > 0) return { test, name: 'an unhandled error' }
  }
  return undefined
}

function invalidate(file) {
  for (const vitest of vitests.values()) vitest.invalidateFile(file)
}

/** Tests that were seen to pass without any change: only they may count as noticing one. */
const green = new Map()
async function isGreen(test) {
  if (!green.has(test)) green.set(test, (await firstFailure([test])) === undefined)
  return green.get(test)
}

async function tryConstant(constant) {
  const file = join(root, constant.file)
  const tests = nearestTests(constant.file, files).slice(0, testsOfEach)
  const source = readFileSync(file, 'utf8')
  const restore = () => writeFileSync(file, source)
  process.once('exit', restore)
  let failure
  try {
    writeFileSync(file, constant.mutate(source))
    invalidate(file)
    failure = await firstFailure(tests.filter((test) => green.get(test) !== false))
  } finally {
    restore()
    process.off('exit', restore)
    invalidate(file)
  }
  if (failure !== undefined && !(await isGreen(failure.test))) return tryConstant(constant)
  return failure === undefined ? { outcome: 'survived', tests } : { outcome: 'killed', by: failure }
}

if (!values.report) {
  if (git('status', '--porcelain', 'apps', 'packages').trim() !== '') {
    process.stderr.write('There are changes in apps or packages. Commit them first, or use a worktree.\n')
    process.exit(2)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  for (const constant of chosen.filter(isPending)) {
    if (Date.now() > until) break
    const started = Date.now()
    const result = await tryConstant(constant)
    results[constant.id] = { expression: constant.expression, ...result }
    save()
    const seconds = Math.round((Date.now() - started) / 1000)
    const by = result.by === undefined ? '' : `  ${relative('.', result.by.test)}: ${result.by.name}`
    process.stdout.write(
      `${result.outcome.padEnd(8)} ${String(seconds).padStart(3)} s  ${constant.id}${by}\n`,
    )
  }
  await Promise.all([...vitests.values()].map((vitest) => vitest.close()))
}

const of = (outcome) => chosen.filter((constant) => resultOf(constant)?.outcome === outcome)
const survived = of('survived')
process.stdout.write(
  `\n${chosen.length} constants: ${of('killed').length} held by a test, ${survived.length} by none of the nearest, ` +
    `${chosen.filter((constant) => resultOf(constant) === undefined).length} not tried yet; ` +
    `${Object.keys(exceptions).length} exceptions.\n`,
)
for (const { id, expression } of survived) process.stdout.write(`  ${id} = ${expression}\n`)
for (const id of stale) process.stdout.write(`  constant-exceptions.json names ${id}, which is no more\n`)
process.exit(survived.length + stale.length > 0 ? 1 : 0)
