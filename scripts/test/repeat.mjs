// `npm run repeat`. A signal to npm or to this process ends all that the runs started, and that is awaited.
import { join } from 'node:path'
import { runSteps } from '../setup/run-steps.mjs'
import { env, root } from '../setup/setup.mjs'
import { tempFolderOfThisRun } from './temp-folder.mjs'

await runSteps([{ args: [join(root, 'scripts/test/repeat-test.mjs'), ...process.argv.slice(2)] }], {
  cwd: root,
  env: { ...env, ...tempFolderOfThisRun() },
})
