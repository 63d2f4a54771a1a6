import { tmpdir } from 'node:os'
import { Readable, Writable } from 'node:stream'
import { readGiven } from '@emailauth/service/config/given-environment'
import { runProgram } from '../src/program.ts'
import type { CliOptions, CliRun } from './run-cli.ts'

interface HereOptions extends CliOptions {
  /** Where the command line is installed; this clone by default. */
  readonly root?: string
}

/**
 * The same as `runCli` in the test's own process, from source: what a command answers, prints and sends. A
 * process of its own takes a quarter of a second of the processor to load; `processes.test.ts` runs each
 * command in one.
 */
export async function runHere(args: readonly string[], options: HereOptions = {}): Promise<CliRun> {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk)
        done()
      },
    })
  const { env, faults } = readGiven({ ...options.env })
  const exitCode = await runProgram(args, {
    env,
    envFaults: faults,
    folder: options.folder ?? tmpdir(),
    root: options.root ?? new URL('../../../', import.meta.url).pathname,
    stdin: Readable.from(options.input ? [options.input] : []),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  })
  return { exitCode, ...written }
}
