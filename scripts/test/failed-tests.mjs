// What failed, out of the JSON reports of vitest and Playwright, each test in a line: where, its name, and
// what it said. The end of a log is often all that is kept of it.
import { readFileSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** The lines of a message that say something: what was expected, of which element, and what was there. */
const MESSAGE_LINES = 5
const MESSAGE_LENGTH = 400

/**
 * @param unhandledFile the errors that no test caught (unhandled-errors.mjs), which fail a run too
 * @returns {{ passed: number, failed: string[] }} none passed if a file is missing
 */
export function vitestReport(root, file, unhandledFile) {
  const [report, unhandled] = [readReport(file), readReport(unhandledFile)]
  if (report === undefined || unhandled === undefined) return { passed: 0, failed: [] }
  const failed = report.testResults.flatMap(({ name, message, status, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed')
    if (tests.length === 0 && status === 'failed') return [lineOf(root, name, '', message)]
    return tests.map(({ fullName, failureMessages: [text = ''] }) =>
      lineOf(root, placeIn(text, name), fullName, text),
    )
  })
  return { passed: report.numPassedTests, failed: [...failed, ...unhandled] }
}

/** @returns {{ passed: number, failed: string[] }} none passed if the file is missing */
export function playwrightReport(root, file) {
  const report = readReport(file)
  if (report === undefined) return { passed: 0, failed: [] }
  return { passed: report.stats.expected, failed: report.suites.flatMap((suite) => failedSpecs(root, suite)) }
}

/** The content of a report, or undefined if the runner ended before it wrote one. */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function failedSpecs(root, { specs = [], suites = [] }) {
  const failed = specs.filter((spec) => !spec.ok || spec.tests.some((test) => test.status === 'flaky'))
  const lines = failed.map(({ file, line, title, tests }) => {
    const error = tests.flatMap(({ results }) => results).find((result) => result.error)?.error
    const place = error?.location ?? { file: join(root, 'e2e', file), line }
    return lineOf(root, `${place.file}:${place.line}`, title, error?.message)
  })
  return [...lines, ...suites.flatMap((suite) => failedSpecs(root, suite))]
}

/** The place in the test's own file that a stack names, or the file alone. */
function placeIn(stack, file) {
  const at = stack.indexOf(`${file}:`)
  return at < 0 ? file : `${file}:${/^\d+/.exec(stack.slice(at + file.length + 1))?.[0] ?? ''}`
}

function lineOf(root, place, test, message = '') {
  const said = stripVTControlCharacters(message)
    // Below are the frames of the stack, and the steps of a wait.
    .split(/\n\s+at |\nCall log:/, 1)[0]
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter(Boolean)
    .slice(0, MESSAGE_LINES)
    .join(' | ')
  return [isAbsolute(place) ? relative(root, place) : place, test, said.slice(0, MESSAGE_LENGTH)]
    .filter(Boolean)
    .join(' › ')
}
