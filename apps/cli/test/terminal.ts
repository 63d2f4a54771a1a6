import { Readable, Writable } from 'node:stream'
import { runProgram } from '../src/program.ts'

export interface TerminalRun {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

interface TerminalOptions {
  /** As the terminal reports it: 0 and undefined are what some report that do not know. */
  readonly columns: number | undefined
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
  readonly input?: string
  /** Called with what was written so far. */
  readonly onWrite?: (text: string) => void
}

/** Runs a command line as in a terminal of this width, in this process. */
export async function runInTerminal(args: readonly string[], options: TerminalOptions): Promise<TerminalRun> {
  const { columns, env, folder, input = '' } = options
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          written[name] += String(chunk)
          options.onWrite?.(written.stdout + written.stderr)
          done()
        },
      }),
      { isTTY: true, columns, rows: 24 },
    )
  const stdin = Object.assign(Readable.from(input === '' ? [] : [input]), { isTTY: false })
  const exitCode = await runProgram(args, {
    env,
    folder,
    root: new URL('../../../', import.meta.url).pathname,
    stdin,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  })
  return { exitCode, ...written }
}
