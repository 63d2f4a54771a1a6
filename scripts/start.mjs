// `npm start`: installs, builds, and runs all of emailauth. Arguments go to `emailauth up`.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, env, install, root } from './setup.mjs'

install()
build()
const up = spawn(
  process.execPath,
  [join(root, 'apps/cli/bin/emailauth.js'), 'up', ...process.argv.slice(2)],
  {
    cwd: root,
    env,
    stdio: 'inherit',
  },
)
// Ctrl-C reaches both of us; `up` ends in good order and we end as it does.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal === 'SIGTERM' && up.kill(signal))
up.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
