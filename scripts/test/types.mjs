// The type check of `npm test`: every file that `npm run typecheck` checks, in fewer programs. The packages
// of tsconfig.node.json are one program, so what they share is parsed and checked once and not in each.
// The others run their own script, without a package manager around it.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { env, root } from '../setup/setup.mjs'

const jsonOf = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'))
const together = jsonOf('tsconfig.node.json').include

/** The folders of pnpm-workspace.yaml. */
const [globs] = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').split('\n\n', 1)
const packages = [...globs.matchAll(/^ {2}- (\S+)$/gm)]
  .flatMap(([, glob]) => {
    if (!glob.endsWith('/*')) return [glob]
    const parent = glob.slice(0, -2)
    return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
  })
  .filter((folder) => existsSync(join(root, folder, 'package.json')))

/**
 * tsc is a Go program that ends soon. To collect its garbage at Go's pace of 100 % takes a sixth of the
 * processor time, and saves 200 MB of 1,260.
 */
const GARBAGE_PERCENT = '400'

function check(folder, command) {
  const own = join(root, folder, 'node_modules/.bin')
  const { status } = spawnSync(command, {
    cwd: join(root, folder),
    env: { GOGC: GARBAGE_PERCENT, ...env, PATH: `${own}${delimiter}${env.PATH}` },
    shell: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) process.stdout.write(`${folder}: "${command}" failed.\n`)
  return status === 0
}

const results = [
  check('.', 'tsc -p tsconfig.node.json --singleThreaded'),
  ...packages
    .filter((folder) => !together.includes(folder))
    .map((folder) => check(folder, jsonOf(folder, 'package.json').scripts.typecheck)),
]
if (results.length === 1) throw new Error('No package of pnpm-workspace.yaml was found.')
process.exitCode = results.every(Boolean) ? 0 : 1
