// Shared by `npm start` and `npm test`. A fresh machine needs only Node. Each step is skipped when it is done
// already.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refusedNode } from '../../apps/cli/bin/refused-node.js'

export const root = fileURLToPath(new URL('../..', import.meta.url))
// Corepack's form, name@version+sha512.hash; npx takes what stands before the hash.
const [packageManager] = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager.split(
  '+',
)
const bin = join(root, 'node_modules', '.bin')

/** The environment of everything we start: the workspace's commands come first, and telemetry is off. */
export const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
}

/** Runs a command in the repository. If it fails, this process exits with one sentence. */
export function runOrExit(command, args, { quiet = false, label, ...where } = {}) {
  // A quiet command may take minutes, so its progress is shown.
  const progress = label === undefined ? undefined : startProgress(label)
  const done = spawnSync(command, args, {
    cwd: root,
    env,
    ...where,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    encoding: 'utf8',
  })
  // Not stdin.end(): nothing is flushed while the next step runs synchronously.
  progress?.kill()
  if (done.status === 0) return
  if (quiet) process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`)
  process.stderr.write(
    `\n"${command} ${args.join(' ')}" failed${done.error ? `: ${done.error.message}` : ''}.\n`,
  )
  process.exit(done.status ?? 1)
}

function startProgress(label) {
  const child = spawn(process.execPath, [join(root, 'scripts/setup/progress.mjs'), label], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  child.stdin.on('error', () => {})
  child.unref()
  child.stdin.unref()
  return child
}

/** The sentence for a clone of another user or on a read-only disk: packages and builds are written there. */
function refusedFolder() {
  try {
    accessSync(root, constants.W_OK)
    return undefined
  } catch {
    return `This user may not write into ${root}, where npm start and npm test install and build.\n`
  }
}

/** Installs the workspace's packages when the lock file has changed since the last time. */
export function install() {
  const refused = refusedNode(process.versions.node) ?? refusedFolder()
  if (refused !== undefined) {
    process.stderr.write(refused)
    process.exit(1)
  }
  const stamp = join(root, 'node_modules', '.emailauth-installed')
  const wanted = createHash('sha256')
    .update(packageManager)
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stderr.write('Installing packages (once)…\n')
  // Started outside the repository: npx would use the pnpm in node_modules, which may be about to delete that
  // folder.
  const { npm_config_local_prefix: _, ...outside } = process.env
  const args = [
    '--yes',
    packageManager,
    '--dir',
    root,
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
  ]
  runOrExit('npx', args, { quiet: true, label: 'Installing packages', cwd: tmpdir(), env: outside })
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(stamp, wanted)
}

const BUILD = ['run', 'build', '--output-logs=errors-only', '--log-order=grouped']
/** Turbo finds a pnpm that only runs a package's script (run-script.mjs), and starts at once. */
const BUILD_ENV = { ...env, PATH: `${join(root, 'scripts/setup/bin')}${delimiter}${env.PATH}` }

/** Builds what has changed since it was last built, and nothing that tests alone start. */
export function build() {
  const args = [...BUILD, '--filter=!@emailauth/test-host']
  runOrExit('turbo', args, { quiet: true, label: 'Building', env: BUILD_ENV })
}

/** The same for tests, beside other work. It prints only what fails. */
export async function startBuild() {
  const child = spawn('turbo', BUILD, { cwd: root, env: BUILD_ENV, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = []
  child.stdout.on('data', (chunk) => output.push(chunk))
  child.stderr.on('data', (chunk) => output.push(chunk))
  const status = await new Promise((resolve) => {
    child.once('close', resolve)
    child.once('error', (error) => {
      output.push(Buffer.from(`${error.message}\n`))
      resolve(1)
    })
  })
  if (status === 0) return
  process.stderr.write(`${Buffer.concat(output)}\n"turbo ${BUILD.join(' ')}" failed.\n`)
  // null: a signal ended it, and null would be the exit code 0.
  process.exit(status ?? 1)
}
