import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually, START_MS } from '../eventually.ts'

/** A real mail server for one test, on loopback, in its own folder. It relays every mail to the sink. */
export interface MailServer {
  readonly url: string
  /** The server's output so far. */
  output(): string
  /** Stops it and deletes its folder. */
  stop(): Promise<void>
}

export type MailServerName = 'postfix' | 'exim' | 'opensmtpd' | 'haraka'

/** The folder where a server was unpacked (scripts/test/mail-servers.mjs). */
export function rootOf(name: MailServerName): string {
  return fileURLToPath(new URL(`../../../../node_modules/.cache/mail-servers/${name}`, import.meta.url))
}

/** Whether it can be started here: it was unpacked, and we are root, which its start needs. */
export function isInstalled(name: MailServerName): boolean {
  return process.getuid?.() === 0 && existsSync(rootOf(name))
}

/** A folder that the servers' unprivileged users can enter. */
export async function privateFolder(name: MailServerName): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `emailauth-${name}-`))
  await chmod(folder, 0o755)
  return folder
}

/** Starts a program in the foreground and waits until its port is open. */
export async function startProgram(options: {
  readonly command: string
  readonly args: readonly string[]
  readonly folder: string
  readonly port: number
  readonly env?: Readonly<Record<string, string>>
}): Promise<MailServer> {
  const { command, args, folder, port, env = {} } = options
  const child = spawn(command, args, {
    cwd: folder,
    // A group of its own: mail servers are many processes.
    detached: true,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.on('error', (error) => keep(Buffer.from(String(error))))
  const server = {
    url: `smtp://127.0.0.1:${port}`,
    output: () => output,
    async stop() {
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await eventually(() => canConnect(port), START_MS)
    return server
  } catch (cause) {
    await server.stop()
    throw new Error(`${command} does not start:\n${output}`, { cause })
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  const killed = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 5000)
  process.kill(-child.pid, 'SIGTERM')
  await gone
  clearTimeout(killed)
}

function canConnect(port: number): Promise<void> {
  return new Promise((opened, failed) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      opened()
    })
    socket.once('error', failed)
  })
}
