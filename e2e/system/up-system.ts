import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@emailauth/testing/free-port'
import { CLI, cliOf } from './run-cli.ts'
import type { OwnSystem } from './running-system.ts'
import { createServiceCall } from './service-call.ts'
import { pidOf, type Service } from './service-process.ts'
import { makeAuthority } from './tls.ts'

/**
 * Starts a system by `emailauth up`, for specs about that; `env` overrides its defaults. By `serve` it is one
 * process, which takes a third of the processor to start.
 * `EMAILAUTH_E2E_TLS=1` makes the services use mutual TLS, so that the whole suite can run that way.
 */
export async function startUp(
  env: Readonly<Record<string, string>> = {},
  command: 'up' | 'serve' = 'up',
): Promise<OwnSystem> {
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
    const child = spawn(process.execPath, [CLI, command, '--json'], {
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
      child.once('close', (code) => failed(new Error(`emailauth ${command} ended with ${code}:\n${said}`)))
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
