// Runs the tests of everything that speaks with Redis on other servers: "node scripts/store-on.mjs PROGRAM…",
// such as valkey-server, or the path of another Redis.
import { spawnSync } from 'node:child_process'
import { env, root, runOrExit } from './setup/setup.mjs'

const TESTS = ['packages/redis', 'apps/persistence', 'apps/mailer']

const programs = process.argv.slice(2)
if (programs.length === 0) {
  process.stderr.write('Say on which program: node scripts/store-on.mjs valkey-server\n')
  process.exit(64)
}
for (const program of programs) {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  if (status !== 0) {
    process.stderr.write(`${program} cannot be run.\n`)
    process.exit(1)
  }
  process.stderr.write(`\nOn ${stdout.trim()}\n`)
  runOrExit('vitest', ['run', ...TESTS], { cwd: root, env: { ...env, EMAILAUTH_TEST_REDIS: program } })
}
