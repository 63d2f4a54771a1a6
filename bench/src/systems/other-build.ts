import { execFile } from 'node:child_process'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { REPOSITORY } from '../places.ts'

const run = promisify(execFile)
const root = fileURLToPath(REPOSITORY)
const env = {
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
}
const OUTPUT_MAX_BYTES = 64 * 1024 * 1024

/** A build of the services that is not this checkout's. */
export interface OtherBuild {
  readonly name: string
  /** As `services` of SystemOptions. */
  readonly services: URL
}

/**
 * Finds the services of a built checkout, or builds those of a revision; a second call finds what the first
 * built.
 * @param which a folder, or anything that `git rev-parse` reads.
 * @param builds where builds are kept, one folder for each revision.
 * @throws {Error} with one sentence when there is no such revision, or when it cannot be built.
 */
export async function findBuild(
  which: string,
  builds: string,
  say: (sentence: string) => void,
): Promise<OtherBuild> {
  if (await exists(join(which, 'apps/gateway/dist/main.js')))
    return { name: which, services: servicesIn(which) }
  const { stdout } = await run('git', ['rev-parse', '--verify', '--quiet', `${which}^{commit}`], {
    cwd: root,
  }).catch(() => {
    throw new Error(`${which} is no revision of this repository, and no folder with built services.`)
  })
  const revision = stdout.trim()
  const folder = join(builds, revision)
  const stamp = join(folder, '.built')
  if (!(await exists(stamp))) {
    say(`Building ${revision.slice(0, 12)} …`)
    await build(revision, folder)
    await writeFile(stamp, '')
  }
  return { name: revision.slice(0, 12), services: servicesIn(folder) }
}

/** pnpm runs programs in the bench's folder, and says here where it was called. */
const givenFrom = process.env.INIT_CWD ?? process.cwd()

/**
 * What starts the services of a built checkout instead of this one's; without a folder: nothing.
 * @throws {Error} with one sentence when none are there.
 */
export async function servicesOf(folder: string | undefined): Promise<{ readonly services?: URL }> {
  if (folder === undefined) return {}
  const path = resolve(givenFrom, folder)
  if (!(await exists(join(path, 'apps/gateway/dist/main.js'))))
    throw new Error(`${path} is no folder with built services.`)
  return { services: servicesIn(path) }
}

const servicesIn = (folder: string) => pathToFileURL(`${join(folder, 'apps')}/`)

async function build(revision: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const archive = join(folder, 'source.tar')
  await step('git', ['archive', '--output', archive, revision], root)
  await step('tar', ['-xf', archive], folder)
  await rm(archive)
  // A build is a checkout of its own, not a part of the workspace that it lies in.
  await step('pnpm', ['--dir', folder, 'install', '--frozen-lockfile', '--prefer-offline'], folder)
  const services = ['gateway', 'persistence', 'mailer'].map((name) => `--filter=@emailauth/${name}`)
  await step(join(folder, 'node_modules/.bin/turbo'), ['run', 'build', ...services], folder)
}

async function step(command: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await run(command, args, { cwd, env, maxBuffer: OUTPUT_MAX_BYTES })
  } catch (error) {
    // execFile adds the output to its error.
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-10).join('\n')
    throw new Error(`"${command} ${args.join(' ')}" failed:\n${last}`, { cause: error })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
