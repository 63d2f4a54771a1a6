import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

const CLI = fileURLToPath(new URL('../../../apps/cli/bin/emailauth.js', import.meta.url))

/** All of emailauth, started by the CLI on its own ports and in its own data folder. */
export interface TestSystem {
  readonly url: string
  readonly apiKey: string
  readonly adminKey: string
  readonly inboxUrl: string
  readonly persistenceUrl: string
  readonly mailerUrl: string
  readonly home: string
  /** The number in the newest mail to an address. */
  numberFor(email: string): Promise<string>
  stop(): Promise<void>
}

export interface TestSystemOptions {
  /** `up`: a process for each service. Default `serve`: one process, a third of the CPU to start. */
  readonly command?: 'up' | 'serve'
  /** Variables on top of what it needs to start; they win. */
  readonly env?: Readonly<Record<string, string>>
  /** Its data folder, which is kept when it stops. Default: one that ends with it. */
  readonly home?: string
}

/**
 * Starts the built system and waits until it is ready. The caller stops it.
 * @throws {Error} with its output when it ends before that.
 */
export async function startSystem(options: TestSystemOptions = {}): Promise<TestSystem> {
  const { command = 'serve', env = {} } = options
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'emailauth-system-')))
  const names = ['GATEWAY', 'PERSISTENCE', 'MAILER', 'INBOX', 'SMTP']
  const ports = await Promise.all(
    names.map(async (name) => [`EMAILAUTH_${name}_PORT`, String(await freePort())]),
  )
  const child = spawn(process.execPath, [CLI, command, '--json'], {
    env: { PATH: process.env.PATH, HOME: home, EMAILAUTH_HOME: home, ...Object.fromEntries(ports), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await ready(child)
  const credentials = JSON.parse(await readFile(join(home, 'credentials.json'), 'utf8'))
  return {
    ...credentials,
    persistenceUrl: `http://127.0.0.1:${Object.fromEntries(ports).EMAILAUTH_PERSISTENCE_PORT}`,
    mailerUrl: `http://127.0.0.1:${Object.fromEntries(ports).EMAILAUTH_MAILER_PORT}`,
    home,
    async numberFor(email) {
      return eventually(async () => {
        const reply = await fetch(
          `${credentials.inboxUrl}/api/v1/search?query=${encodeURIComponent(`to:${email}`)}`,
        )
        // The part of the inbox's API that is read here.
        const { messages } = (await reply.json()) as { messages: { ID: string }[] }
        const mail = await fetch(`${credentials.inboxUrl}/api/v1/message/${messages[0]?.ID}`)
        const { Text } = (await mail.json()) as { Text: string }
        const number = /\d{3,4}(?: \d{3,4})+/.exec(Text)?.[0]
        if (number === undefined) throw new Error(`no number in: ${Text}`)
        return number
      }, 15_000)
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        await gone
      }
      if (options.home === undefined) await rm(home, { recursive: true, force: true })
    },
  }
}

function ready(child: ChildProcess): Promise<void> {
  let output = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('"graphql"')) resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    // What it has written last may come after its end.
    child.on('close', () => reject(new Error(`emailauth has ended:\n${output}`)))
  })
}
