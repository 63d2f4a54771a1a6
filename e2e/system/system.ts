import { fileURLToPath } from 'node:url'
import { createClient } from '@emailauth/client'
import { test as base, expect } from '@playwright/test'
import { BOUNCE_SECRET } from './bounce.ts'
import { startOnSixHosts } from './hosts-system.ts'
import { cliOf } from './run-cli.ts'
import type { OwnSystem, System } from './running-system.ts'
import { startUp } from './up-system.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
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

/**
 * Starts a system where the suite runs; `env` overrides the defaults of its services.
 * @param command `serve` for specs that need no process of a service.
 */
export function startSystem(
  env: Readonly<Record<string, string>> = {},
  command: 'up' | 'serve' = 'up',
): Promise<OwnSystem> {
  return ON_HOSTS ? startSystemOnHosts(env) : startUp(env, command)
}

/** The same on six hosts. */
async function startSystemOnHosts(env: Readonly<Record<string, string>>): Promise<OwnSystem> {
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

/** Longer than the client's own 10 s: on a busy machine that starts browsers too, calls may wait so long. */
const CALL_MS = 60_000
/** The CLI's client, with the key of the tenant `demo`. */
export const clientOf = ({ url, apiKey }: System) => createClient({ url, apiKey, timeoutMs: CALL_MS })
/** The same, with the admin key. */
export const adminOf = ({ url, adminKey }: System) =>
  createClient({ url, apiKey: adminKey, timeoutMs: CALL_MS })

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
