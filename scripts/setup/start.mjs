// `npm start`: installs, builds, and runs all of emailauth. Arguments go to `emailauth up`.
import { join } from 'node:path'
import { runSteps } from './run-steps.mjs'
import { env, root } from './setup.mjs'

await runSteps(
  [
    { args: [join(root, 'scripts/setup/prepare.mjs')] },
    // emailauth up ends its services in good order.
    {
      args: [join(root, 'apps/cli/bin/emailauth.js'), 'up', ...process.argv.slice(2)],
      isGraceful: true,
    },
  ],
  { cwd: root, env },
)
