// Runs test files one after another and stops at the first test that fails.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { createVitest } from 'vitest/node'
import { root } from '../setup/setup.mjs'

/** A first try ends a test that hangs after this time. What is tried alone has as long as in `npm test`. */
const FIRST_TRY_MS = 30_000
const ALONE_MS = 300_000
/** A test that fails later than this has waited, and on a busy machine perhaps too short. */
const WAITED_MS = 14_000

const secondsFile = join(root, 'node_modules/.cache/constant-test-seconds.json')

/** How long each test file took when it passed. Quick files run first. */
const seconds = existsSync(secondsFile) ? JSON.parse(readFileSync(secondsFile, 'utf8')) : {}
const UNKNOWN_SECONDS = 4

const folderOf = (test) =>
  test
    .split('/')
    .slice(0, test.startsWith('e2e/') ? 1 : 2)
    .join('/')

/** Near tests first, but a slow one after quick ones that are a little further away. */
export const quickFirst = (tests) =>
  tests
    .map((test, at) => [at + (seconds[test] ?? UNKNOWN_SECONDS) / 2, test])
    .sort(([a], [b]) => a - b)
    .map(([, test]) => test)

/** Runs files in the given order; Vitest's own sequencer runs those first that failed before. */
class AsGiven {
  sort(specifications) {
    return specifications
  }
  shard(specifications) {
    return specifications
  }
}

/** Reports the first failure of the run under way. Vitest's state also lists files of earlier runs. */
class FirstFailure {
  onTestRunStart() {
    this.failure = undefined
  }
  onTestCaseResult(test) {
    const { state, errors } = test.result()
    if (state !== 'failed' || this.failure !== undefined) return
    const ended = errors?.some(({ message }) => /timed out in \d+ms/.test(message ?? ''))
    this.failure = {
      test: relative(root, test.module.moduleId),
      name: test.fullName,
      timedOut: ended || (test.diagnostic()?.duration ?? 0) > WAITED_MS,
    }
  }
  onTestModuleEnd(module) {
    const test = relative(root, module.moduleId)
    if (module.state() === 'passed') {
      const { duration, collectDuration } = module.diagnostic()
      seconds[test] = Math.round((duration + collectDuration) / 100) / 10
    }
    if (module.state() !== 'failed' || this.failure !== undefined) return
    const errors = [
      ...module.errors(),
      ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
    ]
    const timedOut = errors.some(({ message }) => /timed out in \d+ms/.test(message ?? ''))
    this.failure = { test, name: timedOut ? 'a hook' : 'does not load, or a hook fails', timedOut }
  }
}

/** One for each package. They stay up between mutants, so that only what a mutant changes is transformed. */
const vitests = new Map()
async function vitestOf(folder, limitMs) {
  const name = `${folder} ${limitMs}`
  const known = vitests.get(name)
  if (known !== undefined) return known
  process.chdir(join(root, folder))
  const reporter = new FirstFailure()
  const vitest = await createVitest(
    'test',
    {
      root: join(root, folder),
      watch: false,
      bail: 1,
      reporters: [reporter],
      maxWorkers: 1,
      sequence: { sequencer: AsGiven },
      testTimeout: limitMs,
      hookTimeout: Math.max(limitMs, 60_000),
    },
    {},
  )
  await vitest.standalone()
  vitests.set(name, { vitest, reporter })
  return vitests.get(name)
}

/**
 * Files of one package share a worker and so their modules, as in `npm test`.
 * @returns the first test that fails, or undefined
 */
export async function firstFailure(tests, { alone = false } = {}) {
  const limitMs = alone ? ALONE_MS : FIRST_TRY_MS
  for (const folder of new Set(tests.map(folderOf))) {
    const { vitest, reporter } = await vitestOf(folder, limitMs)
    const specifications = tests
      .filter((test) => folderOf(test) === folder)
      .flatMap((test) => vitest.getModuleSpecifications(join(root, test)))
    const { unhandledErrors } = await vitest.runTestSpecifications(specifications, true)
    if (reporter.failure !== undefined) return reporter.failure
    if (unhandledErrors.length > 0)
      return { test: relative(root, specifications[0].moduleId), name: 'an unhandled error', timedOut: false }
  }
  mkdirSync(dirname(secondsFile), { recursive: true })
  writeFileSync(secondsFile, `${JSON.stringify(seconds, undefined, 1)}\n`)
  return undefined
}

/** After a change of a source: it is transformed again. */
export function invalidate(file) {
  for (const { vitest } of vitests.values()) vitest.invalidateFile(file)
}

export const close = () => Promise.all([...vitests.values()].map(({ vitest }) => vitest.close()))
