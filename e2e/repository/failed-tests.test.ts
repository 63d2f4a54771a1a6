import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { playwrightReport, vitestReport } from '../../scripts/test/failed-tests.mjs'

const ROOT = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'emailauth-failed-tests-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a failed test of vitest: its line, its name, what it said', () => {
  const file = join(folder, 'adds.test.ts')
  const report = join(folder, 'vitest.json')
  const unhandled = join(folder, 'unhandled.json')
  writeFileSync(unhandled, '["Error: caught by no test"]')
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(
    file,
    [
      "import { expect, test } from 'vitest'",
      "test('adds', () => {",
      "  expect({ sum: 2 }, 'one and one').toEqual({ sum: 3 })",
      '})',
      "test('holds', () => {})",
      "test('throws', () => { throw new Error('first line\\n\\nsecond line') })",
    ].join('\n'),
  )
  const args = ['run', '--root', folder, '--reporter=json', `--outputFile=${report}`]
  spawnSync(join(ROOT, 'node_modules/.bin/vitest'), args, { env: { ...process.env, VITEST: undefined } })
  expect(vitestReport(folder, report, unhandled)).toEqual({
    passed: 1,
    failed: [
      expect.stringMatching(/^adds\.test\.ts:3 › adds › AssertionError: one and one: expected \{ sum: 2 \}/),
      'adds.test.ts:6 › throws › Error: first line | second line',
      'Error: caught by no test',
    ],
  })
  expect(vitestReport(folder, report, join(folder, 'missing.json'))).toEqual({ passed: 0, failed: [] })
})

test('a failed test of Playwright: where it waited, and for what', () => {
  const message = [
    '\u001b[31mError: expect(locator).toBeVisible() failed\u001b[39m',
    '',
    "Locator:  getByText('done')",
    'Expected: visible',
    'Timeout:  20000ms',
    'Error: element(s) not found',
    '',
    'Call log:',
    '  - waiting',
  ].join('\n')
  const spec = (file: string, title: string, ok: boolean, error?: object) => ({
    file,
    line: 7,
    title,
    ok,
    tests: [{ status: ok ? 'expected' : 'unexpected', results: [{}, ...(error ? [{ error }] : [])] }],
  })
  const location = { file: join(folder, 'e2e/page.ts'), line: 81, column: 3 }
  const report = join(folder, 'playwright.json')
  writeFileSync(
    report,
    JSON.stringify({
      stats: { expected: 5 },
      suites: [
        {
          specs: [
            spec('a.spec.ts', 'is fine', true),
            spec('a.spec.ts', 'waits', false, { message, location }),
          ],
          suites: [{ specs: [spec('b.spec.ts', 'ended early', false)] }],
        },
      ],
    }),
  )
  expect(playwrightReport(folder, report)).toEqual({
    passed: 5,
    failed: [
      "e2e/page.ts:81 › waits › Error: expect(locator).toBeVisible() failed | Locator: getByText('done') | " +
        'Expected: visible | Timeout: 20000ms | Error: element(s) not found',
      'e2e/b.spec.ts:7 › ended early',
    ],
  })
})

test('without a report nothing has passed', () => {
  const missing = join(tmpdir(), 'emailauth-no-report.json')
  expect(vitestReport(ROOT, missing, missing)).toEqual({ passed: 0, failed: [] })
  expect(playwrightReport(ROOT, missing)).toEqual({ passed: 0, failed: [] })
})
