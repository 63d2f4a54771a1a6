// Changes the code in small ways and reports the changes that no test notices: `pnpm mutation secrets`.
// Without a name it runs all areas, with `--files reply,call` only these of an area. It fails below an
// area's score in README.md. `--concurrency 1` leaves more of the machine to others.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { env, root } from '../setup/setup.mjs'

/** What is mutated in each area, and the tests that must notice. All of them run without a server. */
const AREAS = {
  contracts: {
    least: 85,
    // The files with a test beside them. Shapes are held by the services' tests, which need servers.
    mutate: [
      'client-network',
      'email-address',
      'group-digits',
      'hosted-page',
      'mail-headers',
      'mail-locales',
      'network-list',
      'problems',
      'reported-address',
      'test-mode',
      'typed-number',
    ].map((file) => `packages/contracts/src/${file}.ts`),
    tests: ['packages/contracts/src/*.test.ts'],
  },
  secrets: {
    least: 85,
    mutate: ['packages/secrets/src/*.ts', '!packages/secrets/src/*.test.ts'],
    tests: ['packages/secrets/src/*.test.ts'],
  },
  client: {
    least: 85,
    // Not live-events.ts: most of its mutants wait for ever, which takes a time-out each.
    mutate: [
      'packages/client/src/*.ts',
      '!packages/client/src/*.test.ts',
      '!packages/client/src/live-events.ts',
    ],
    // Not documents.test.ts: it runs the code generator, which needs a process of its own.
    tests: ['packages/client/src/!(documents).test.ts'],
  },
  numbers: {
    least: 85,
    mutate: [
      'apps/persistence/src/numbers/*.ts',
      '!apps/persistence/src/numbers/*.test.ts',
      'packages/contracts/src/number-policy.ts',
    ],
    tests: ['apps/persistence/src/numbers/*.test.ts'],
  },
  failures: {
    least: 85,
    mutate: [
      'apps/mailer/src/smtp/failure.ts',
      'apps/mailer/src/smtp/refusals/*.ts',
      '!apps/mailer/src/smtp/refusals/*.test.ts',
      '!apps/mailer/src/smtp/refusals/real-replies.ts',
    ],
    tests: ['apps/mailer/src/smtp/failure.test.ts', 'apps/mailer/src/smtp/refusals/*.test.ts'],
  },
}

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { files: { type: 'string' }, concurrency: { type: 'string', default: '2' } },
})
const files = values.files?.split(',')
const unknown = names.filter((name) => !(name in AREAS))
if (unknown.length > 0) {
  process.stderr.write(`There is no area ${unknown.join(', ')}. Areas: ${Object.keys(AREAS).join(', ')}.\n`)
  process.exit(2)
}

/** Of a pattern of files only those with one of these names; all of what it leaves out. */
function onlyFiles(pattern, wanted) {
  if (pattern.startsWith('!')) return pattern
  if (pattern.endsWith('/*.ts')) return wanted.map((file) => pattern.replace('*', file))
  return wanted.includes(basename(pattern, '.ts')) ? pattern : []
}

let failed = false
for (const name of names.length > 0 ? names : Object.keys(AREAS)) {
  const { mutate: all, tests, least } = AREAS[name]
  const mutate = files === undefined ? all : all.flatMap((pattern) => onlyFiles(pattern, files))
  const folder = mkdtempSync(join(tmpdir(), 'emailauth-mutation-'))
  const config = join(folder, 'stryker.config.json')
  writeFileSync(
    config,
    JSON.stringify({
      mutate,
      testRunner: 'vitest',
      plugins: ['@stryker-mutator/vitest-runner'],
      vitest: { configFile: 'scripts/mutation/mutation.vitest.ts', related: false },
      // The sandbox is a copy: what no test of an area reads stays out of it.
      ignorePatterns: [
        '**/dist',
        'apps/admin',
        'apps/cli',
        'bench',
        'clients',
        'deploy',
        'docs',
        'e2e',
        '.turbo',
      ],
      tempDirName: join(root, 'node_modules/.cache/mutation'),
      reporters: ['clear-text', 'progress-append-only'],
      clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
      concurrency: Number(values.concurrency),
      timeoutMS: 20_000,
      // Tables that are built when a file loads are left out: each change of one would need a new process.
      ignoreStatic: true,
      thresholds: { high: 90, low: 85, break: least },
      allowEmpty: false,
    }),
  )
  process.stdout.write(`\n── mutation: ${name}\n`)
  const done = spawnSync('stryker', ['run', config], {
    cwd: root,
    env: { ...env, EMAILAUTH_MUTATION_TESTS: tests.join(',') },
    stdio: 'inherit',
  })
  rmSync(folder, { recursive: true, force: true })
  failed ||= done.status !== 0
}
process.exit(failed ? 1 : 0)
