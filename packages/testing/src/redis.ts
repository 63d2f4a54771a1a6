import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** A real Redis or Valkey for one test. */
export interface TestRedis {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** The folder of its append-only file and dumps. */
  readonly folder: string
  /** Kills the process at once, like a power cut. */
  kill(): Promise<void>
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>
  /** Stops it and deletes its folder. */
  stop(): Promise<void>
}

/** What the tests start: `redis-server`, or the program that `EMAILAUTH_TEST_REDIS` names. */
export const redisProgram = (): string => process.env.EMAILAUTH_TEST_REDIS || 'redis-server'

/** Starts a server on a free port; `args` are options such as `--appendonly yes`. */
export function startRedis(...args: readonly string[]): Promise<TestRedis> {
  return startRedisOf(redisProgram(), ...args)
}

/** The same with another program, such as `valkey-server`. */
export async function startRedisOf(program: string, ...args: readonly string[]): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-redis-'))
  const port = await freePort()
  let child = await launch()

  async function launch() {
    const started = spawn(
      program,
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...args],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let output = ''
    await new Promise<void>((ready, failed) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes('Ready to accept connections')) ready()
      }
      started.stdout.on('data', read)
      started.stderr.on('data', read)
      started.once('error', failed)
      started.once('close', (code) => failed(new Error(`${program} ended with ${code}:\n${output}`)))
    })
    return started
  }

  async function end(signal: NodeJS.Signals) {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    get pid() {
      return child.pid ?? 0
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGKILL')
      child = await launch()
    },
    async stop() {
      await end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
