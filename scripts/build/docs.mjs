// `npm run docs`: builds the site into docs/.vitepress/dist. `npm run docs -- preview` serves what was built,
// `-- dev` what you write.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env, root, runOrExit } from '../setup/setup.mjs'

const [command = 'build'] = process.argv.slice(2)
const pnpm = ['--dir', 'docs', '--ignore-workspace']
runOrExit('pnpm', [...pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: root, env })
// A dead link between pages fails the build.
runOrExit('pnpm', [...pnpm, 'run', command], { cwd: root, env })
if (command === 'build') {
  checkSearch('root', 'webhook')
  checkSearch('es', 'número')
  process.stdout.write('\nThe site is in docs/.vitepress/dist; npm run docs -- preview serves it.\n')
}

/** The index that the search of a language loads; a word of its pages must be in it. */
function checkSearch(language, word) {
  const folder = join(root, 'docs/.vitepress/dist/assets/chunks')
  const file = readdirSync(folder).find((name) => name.startsWith(`@localSearchIndex${language}.`))
  if (file !== undefined && readFileSync(join(folder, file), 'utf8').includes(word)) return
  process.stderr.write(`The search of the site (${language}) does not find "${word}".\n`)
  process.exitCode = 1
}
