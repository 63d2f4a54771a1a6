import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export interface CliRun {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** The current folder; one without credentials.json by default. */
  readonly folder?: string
}

/** Runs the built CLI in its own process. Of our variables it gets only those that the test sets. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  if (!existsSync(MAIN)) throw new Error('The CLI is not built: run "npm run build" in apps/cli first.')
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.folder ?? tmpdir(),
    env: { ...options.env },
  })
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const ended = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  await ended
  return { exitCode: child.exitCode, stdout, stderr }
}
