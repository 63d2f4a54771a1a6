// `pnpm run build` in the folder of a package, as Turbo calls it for each. pnpm takes most of a second of the
// processor to start, and this a tenth. Any other call goes to pnpm itself.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))
const args = process.argv.slice(2)

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options })
  if (error !== undefined) process.stderr.write(`${command}: ${error.message}\n`)
  // null: a signal ended it.
  process.exit(status ?? 1)
}

if (args[0] !== 'run' || args.length !== 2) run(join(bin, 'pnpm'), args)
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
const own = join(process.cwd(), 'node_modules/.bin')
run(scripts[args[1]], [], {
  shell: true,
  env: { ...process.env, PATH: [own, bin, process.env.PATH].join(delimiter) },
})
