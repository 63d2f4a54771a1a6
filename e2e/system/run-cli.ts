import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

/** The built program. */
export const CLI = fileURLToPath(new URL('../../apps/cli/bin/emailauth.js', import.meta.url))

/** How a run of the CLI ended. */
export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the CLI with the settings of a data folder. */
export const cliOf = (home: string) => (args: readonly string[], input?: string) =>
  runCli(args, { PATH: process.env.PATH, HOME: home, EMAILAUTH_HOME: home, NO_COLOR: '1' }, input)

/** Runs the CLI in an environment and nothing of ours. */
export async function runCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<CliResult> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env,
    cwd: env.EMAILAUTH_HOME ?? tmpdir(),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { code: code as number | null, stdout, stderr }
}
