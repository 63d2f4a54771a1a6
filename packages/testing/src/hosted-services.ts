import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromHost, ToHost } from './host-messages.ts'
import type { ServiceOptions } from './services.ts'

const MAIN = fileURLToPath(new URL('../../../apps/test-host/dist/main.js', import.meta.url))

/** A service in a process that it shares with others. A test that kills or restarts one starts its own. */
export interface HostedService {
  readonly url: string
  /** The service's log so far, for tests that search it for secrets. */
  output(): string
  /** Shuts it down and waits. */
  stop(): Promise<void>
}

type Options = Pick<ServiceOptions, 'env'>

/** `apps/persistence`, with connections, log and environment of its own; `env` is that of `sharedEnv`. */
export const hostPersistence = ({ env }: Options): Promise<HostedService> => host('persistence', env)

/** `apps/mailer`; `env` is that of `sharedEnv` with `EMAILAUTH_SMTP_URL`. */
export const hostMailer = ({ env }: Options): Promise<HostedService> => host('mailer', env)

interface Follower {
  output: string
  done: (url: string) => void
  failed: (error: Error) => void
}

/** The files of a worker share their modules, and so they share the process and all that it has loaded. */
let running: ChildProcess | undefined
const followers = new Map<number, Follower>()
let last = 0

async function host(open: 'persistence' | 'mailer', env: ServiceOptions['env']): Promise<HostedService> {
  const id = ++last
  const follower: Follower = { output: '', done: () => {}, failed: () => {} }
  followers.set(id, follower)
  const ask = (message: ToHost) =>
    new Promise<string>((resolve, reject) => {
      follower.done = resolve
      follower.failed = reject
      running ??= startHost()
      running.send(message)
    })
  const url = await ask({ id, open, env: { NODE_ENV: process.env.NODE_ENV ?? '', ...env } })
  return {
    url,
    output: () => follower.output,
    async stop() {
      await ask({ id, close: true })
      followers.delete(id)
    },
  }
}

function startHost(): ChildProcess {
  // With this channel the host ends when this worker is gone.
  const child = spawn(process.execPath, [MAIN], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.on('message', (report: FromHost) => {
    const follower = followers.get(report.id)
    if (follower === undefined) return
    if ('line' in report) follower.output += report.line
    else if ('fault' in report) follower.failed(new Error(report.fault))
    else follower.done('url' in report ? report.url : '')
  })
  const fail = (reason: string) => {
    running = undefined
    for (const { failed } of followers.values())
      failed(new Error(`The host of services has ended: ${reason}`))
    followers.clear()
  }
  child.once('error', ({ message }) => fail(message))
  child.once('exit', (code, signal) => fail(String(code ?? signal)))
  child.unref()
  child.channel?.unref()
  return child
}
