import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** How a program ended, with both its streams. */
export interface Ended {
  readonly code: number
  readonly output: string
}

/** Runs a program to its end; a failure is a value. */
export function runProgram(
  file: string,
  args: readonly string[],
  { cwd = tmpdir(), env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env }, maxBuffer: 1e8 }
    execFile(file, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, output: `${stdout}${stderr}` })
    })
  })
}

/** Packs a folder of the workspace as it would be published; answers the tarball. */
export async function pack(folder: string, destination: string): Promise<string> {
  const pnpm = join(ROOT, 'node_modules/pnpm/bin/pnpm.cjs')
  const args = [pnpm, 'pack', '--json', '--pack-destination', destination]
  const { code, output } = await runProgram(process.execPath, args, { cwd: join(ROOT, folder) })
  if (code !== 0) throw new Error(output)
  // The output of `pnpm pack --json`.
  return (JSON.parse(output.slice(output.indexOf('{'))) as { filename: string }).filename
}

/** An empty project outside of the repository, with a tarball installed in it. */
export async function projectWith(tarball: string, files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-consumer-'))
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  )
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const args = ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball]
  const { code, output } = await runProgram('npm', args, { cwd: folder })
  if (code !== 0) throw new Error(output)
  return {
    folder,
    run: (file: string, args: readonly string[], env?: Readonly<Record<string, string>>) =>
      runProgram(file, args, { cwd: folder, ...(env === undefined ? {} : { env }) }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
