import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROGRAMS } from '../places.ts'

/** A process that this run started. */
export interface Child {
  readonly pid: number
  /** Sends a message and waits for the reply; of the bench's own processes only. */
  ask<Reply>(message: object): Promise<Reply>
  /** What it wrote last, for the message when something fails. */
  output(): string
  hasEnded(): boolean
  stop(): Promise<void>
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Arguments of `node` itself. */
  readonly nodeArguments?: readonly string[]
}

const OUTPUT_KEPT = 4000
const STOP_MS = 5000

/** Starts a script, relative to the built bench's folder. It exits when this process is gone. */
export function startChild(script: string | URL, { env = {}, nodeArguments = [] }: ChildOptions = {}): Child {
  const path = fileURLToPath(new URL(script, PROGRAMS))
  const child = spawn(process.execPath, [...nodeArguments, path], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  return toChild(child, String(script))
}

/** Starts a program that is no script of Node, in its own folder. It can be asked nothing. */
export function startProgram(file: string, env: Readonly<Record<string, string>>): Child {
  const child = spawn(file, { cwd: dirname(file), env, stdio: ['ignore', 'pipe', 'pipe'] })
  // A file that cannot be run has no `exit`; what waits for the program sees that it has ended.
  child.on('error', () => {})
  return toChild(child, file)
}

function toChild(child: ChildProcess, script: string): Child {
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return {
    pid: child.pid ?? 0,
    output: () => output,
    hasEnded: () => hasEnded(child),
    async ask<Reply>(message: object) {
      if (hasEnded(child)) throw new Error(`${script} has ended:\n${output}`)
      const ended = new AbortController()
      const { signal } = ended
      try {
        // The child is one of our own programs.
        const reply = once(child, 'message', { signal }).then(([value]) => value as Reply)
        const death = once(child, 'exit', { signal }).then(() => {
          throw new Error(`${script} has ended:\n${output}`)
        })
        child.send(message)
        return await Promise.race([reply, death])
      } finally {
        // The one that lost the race is called off, and nobody waits for its rejection.
        process.nextTick(() => ended.abort())
      }
    },
    async stop() {
      if (hasEnded(child)) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await gone
      clearTimeout(late)
    },
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}
