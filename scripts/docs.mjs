// `npm run docs`: builds the site into docs/.vitepress/dist. `npm run docs -- preview` serves what was built,
// `-- dev` what you write.
import { env, root, runOrExit } from './setup.mjs'

const [command = 'build'] = process.argv.slice(2)
const pnpm = ['--dir', 'docs', '--ignore-workspace']
runOrExit('pnpm', [...pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: root, env })
// A dead link between pages fails the build.
runOrExit('pnpm', [...pnpm, 'run', command], { cwd: root, env })
if (command === 'build')
  process.stdout.write('\nThe site is in docs/.vitepress/dist; npm run docs -- preview serves it.\n')
