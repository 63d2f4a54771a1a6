import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@emailauth/client'
import { freePort } from '@emailauth/testing/free-port'
import { test as base, expect } from '@playwright/test'
import { BOUNCE_SECRET } from './bounce.ts'
import { startOnSixHosts } from './hosts-system.ts'
import { type CallService, createServiceCall } from './service-call.ts'
import { pidOf, type Service } from './service-process.ts'
import { makeAuthority } from './tls.ts'

export const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'apps/cli/bin/emailauth.js')

/** How a run of the CLI ended. */
export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** All of emailauth: started by `emailauth up` with its own data folder and ports, or on six hosts. */
export interface System {
  readonly url: string
  readonly inboxUrl: string
  readonly apiKey: string
  readonly adminKey: string
  /** The data folder. */
  readonly home: string
  /** What `up` was started with; on six hosts nothing. */
  readonly env: NodeJS.ProcessEnv
  /** Everything that `up` or the services have said so far. */
  output(): string
  /** Runs the CLI against it, with text on its standard input if given. */
  cli(args: readonly string[], input?: string): Promise<CliResult>
  /** Calls persistence or the mailer past the gateway, with the service token. */
  callService: CallService
  /** The process ids of a service. Linux only. */
  pids(service: Service): Promise<readonly number[]>
  /** Where the services reach what listens at a URL of loopback here. */
  reach(url: string): Promise<string>
  /** Kills everything at once, as a power cut would. */
  killAll(): Promise<void>
  /** Starts it again with the same data, at the same URL. */
  restart(): Promise<void>
  /** Ctrl-C. */
  stop(): Promise<number | null>
}

const ADMINS = Array.from({ length: 10 }, (_, at) => `admin${at}@example.com`)
const admins = ADMINS.values()

/**
 * The address of an admin of the shared system whom no other test has. A number that was mailed for a test
 * before would be taken for a new one.
 */
export function newAdmin(): string {
  const { value, done } = admins.next()
  if (done) throw new Error('The shared system has no more admins.')
  return value
}

/** Whether the suite runs on six hosts: `EMAILAUTH_E2E_HOSTS=1`. Needs root on Linux. */
export const ON_HOSTS = process.env.EMAILAUTH_E2E_HOSTS === '1'

/** Most time that a start may take on a busy machine. */
const START_MS = 180_000

type Started = System & { remove(): Promise<void> }

/** Starts a system where the suite runs; `env` overrides the defaults of its services. */
export function startSystem(env: Readonly<Record<string, string>> = {}): Promise<Started> {
  return ON_HOSTS ? startSystemOnHosts(env) : startUp(env)
}

/**
 * Starts a system by `emailauth up`, for specs about that; `env` overrides its defaults.
 * `EMAILAUTH_E2E_TLS=1` makes the services use mutual TLS, so that the whole suite can run that way.
 */
export async function startUp(env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const home = await mkdtemp(join(tmpdir(), 'emailauth-e2e-'))
  const names = ['GATEWAY', 'PERSISTENCE', 'MAILER', 'INBOX', 'SMTP']
  const ports = Object.fromEntries(
    await Promise.all(names.map(async (name) => [`EMAILAUTH_${name}_PORT`, String(await freePort())])),
  )
  const authority = process.env.EMAILAUTH_E2E_TLS === '1' ? await makeAuthority() : undefined
  const upEnv = {
    PATH: process.env.PATH,
    HOME: home,
    EMAILAUTH_HOME: home,
    NO_COLOR: '1',
    ...ports,
    ...authority?.env,
    ...env,
  }
  const serviceEnv: NodeJS.ProcessEnv = upEnv
  let said = ''
  let up: ChildProcess | undefined

  async function start() {
    // A group of its own, so that a power cut takes the services along.
    const child = spawn(process.execPath, [cli, 'up', '--json'], {
      env: upEnv,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    up = child
    await new Promise<void>((ready, failed) => {
      child.stdout.on('data', (chunk) => {
        said += chunk
        if (String(chunk).includes('"graphql"')) ready()
      })
      child.stderr.on('data', (chunk) => {
        said += chunk
      })
      child.once('exit', (code) => failed(new Error(`emailauth up ended with ${code}:\n${said}`)))
    })
  }
  await start()
  const credentials = JSON.parse(await readFile(join(home, 'credentials.json'), 'utf8'))

  const system = {
    ...(credentials as { url: string; inboxUrl: string; apiKey: string; adminKey: string }),
    home,
    env: upEnv,
    output: () => said,
    cli: cliOf(home),
    callService: createServiceCall({
      urlOf: (service) =>
        `${authority === undefined ? 'http' : 'https'}://127.0.0.1:${serviceEnv[`EMAILAUTH_${service.toUpperCase()}_PORT`]}`,
      token: async () =>
        serviceEnv.EMAILAUTH_SERVICE_TOKEN ??
        JSON.parse(await readFile(join(home, 'secrets.json'), 'utf8')).serviceToken,
      authority,
    }),
    pids: async (service: Service) => [await pidOf(serviceEnv, service)],
    reach: async (url: string) => url,
    async killAll() {
      if (up?.pid === undefined) return
      const gone = once(up, 'exit')
      process.kill(-up.pid, 'SIGKILL')
      await gone
    },
    restart: start,
    async stop() {
      if (up === undefined || up.exitCode !== null || up.signalCode !== null) return up?.exitCode ?? null
      const gone = once(up, 'exit')
      up.kill('SIGINT')
      const [code] = await gone
      return code as number | null
    },
    async remove() {
      await system.stop()
      await rm(home, { recursive: true, force: true })
      await authority?.remove()
    },
  }
  return system
}

/** The same on six hosts. */
async function startSystemOnHosts(env: Readonly<Record<string, string>>): Promise<Started> {
  const { home, credentials, six, stop } = await startOnSixHosts(env)
  return {
    ...credentials,
    home,
    env: {},
    output: six.outputs,
    cli: cliOf(home),
    callService: six.call,
    pids: async (service) => six.pids(service),
    reach: six.reach,
    killAll: six.killAll,
    restart: six.restartAll,
    async stop() {
      await stop()
      return 0
    },
    remove: stop,
  }
}

const cliOf = (home: string) => (args: readonly string[], input?: string) =>
  runCli(args, { PATH: process.env.PATH, HOME: home, EMAILAUTH_HOME: home, NO_COLOR: '1' }, input)

/** Runs the CLI in an environment and nothing of ours. */
export async function runCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<CliResult> {
  const child = spawn(process.execPath, [cli, ...args], {
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

/**
 * Registers an address, for tests that need one and are not about registering. It makes the CLI's call by the
 * CLI's client: the CLI itself takes a quarter of a second of the processor to start.
 */
export async function register(system: System, email: string): Promise<void> {
  const { __typename } = await clientOf(system).register({ email, token: 't' })
  expect(__typename).toBe('Registered')
}

/** What a number of the tenant `demo` is answered with. */
export async function verify(system: System, number: string): Promise<string> {
  const { __typename } = await clientOf(system).verify({ number })
  return __typename
}

/** The CLI's client, with the key of the tenant `demo`. */
export const clientOf = ({ url, apiKey }: System) => createClient({ url, apiKey })
/** The same, with the admin key. */
export const adminOf = ({ url, adminKey }: System) => createClient({ url, apiKey: adminKey })

/**
 * The test of all specs. Those that need the whole system get one for all of them, on a real Redis. A spec
 * with a worker fixture of its own would end it: Playwright starts a new worker for each set of these, with a
 * new browser. So a system that only one spec needs is started and ended by that spec.
 */
export const test = base.extend<object, { system: System }>({
  system: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs off this pattern
    async ({}, use) => {
      const system = await startSystem({
        EMAILAUTH_BOUNCE_SECRET: BOUNCE_SECRET,
        EMAILAUTH_ADMIN_EMAILS: ADMINS.join(','),
        // An admin without a passkey signs in by mail all the same.
        EMAILAUTH_ADMIN_MAIL_SIGN_IN: 'without-passkey',
      })
      await use(system)
      await system.remove()
    },
    { scope: 'worker', timeout: START_MS },
  ],
})

export { expect }
