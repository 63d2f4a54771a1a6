// `npm run dev`: installs, builds, and runs all of it for development. Ctrl-C ends everything, and so does a
// signal to npm or to this process. Arguments go to `emailauth up`.
import { join } from 'node:path'
import { runSteps } from '../setup/run-steps.mjs'
import { env, root } from '../setup/setup.mjs'

await runSteps(
  [
    { args: [join(root, 'scripts/setup/prepare.mjs')] },
    { args: [join(root, 'scripts/dev/watch.mjs'), ...process.argv.slice(2)], isGraceful: true },
  ],
  { cwd: root, env },
)
