import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@emailauth/testing/eventually'
import { sharedEnv } from '@emailauth/testing/services'
import { type CallService, createServiceCall } from '../system/service-call.ts'
import { makeAuthority } from '../system/tls.ts'
import { startForward } from './forward.ts'
import { type Host, type HostProcess, makeHosts } from './hosts.ts'
import { startRedisOnHosts } from './redis-on-hosts.ts'

export type ServiceName = 'persistence' | 'mailer' | 'gateway'

/**
 * All of emailauth on six hosts, with mutual TLS between the services, and TLS to Redis and the Sentinels,
 * which are on three hosts each, so that any one may be lost. A call is answered when a replica has it.
 */
export interface SixHosts {
  readonly hosts: readonly Host[]
  /** Base URLs of the two gateways. */
  readonly gateways: readonly [string, string]
  /** Calls a persistence or mailer past the gateways, with the certificate and the service token. */
  call: CallService
  /** Posts JSON to persistence, as who sets the system up. */
  persist(path: string, body: object): Promise<Record<string, unknown>>
  /** The process ids of both processes of a service. */
  pids(service: ServiceName): readonly number[]
  /** Where the hosts reach what listens at a URL of loopback here. */
  reach(url: string): Promise<string>
  /** Resolves when every service is ready and the master has both replicas. */
  whole(withinMs: number): Promise<void>
  /** The host of the current master. */
  master(): Promise<Host>
  /** What every program printed, by host and program. */
  outputs(): string
  /** Kills every program of every host at once, like a power cut. */
  killAll(): Promise<void>
  /** Starts all of them again. */
  restartAll(): Promise<void>
  stop(): Promise<void>
}

const NAMES = ['gateway-a', 'gateway-b', 'work-a', 'work-b', 'redis-a', 'redis-b'] as const
const OF_REDIS = ['redis-a', 'redis-b', 'work-b'] as const
const OF_SENTINELS = ['gateway-a', 'gateway-b', 'work-a'] as const
const PORT = { gateway: 4000, persistence: 4001, mailer: 4002 } as const
const START_MS = 120_000

export interface SixHostsOptions {
  /** Port of loopback of the SMTP server. */
  readonly smtpPort: number
  /** More variables of all services. A relay at loopback is reached too. */
  readonly env?: Readonly<Record<string, string>>
}

export async function startSixHosts({ smtpPort, env: given = {} }: SixHostsOptions): Promise<SixHosts> {
  const ends: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    const network = await makeHosts(NAMES)
    const folder = await mkdtemp(join(tmpdir(), 'emailauth-hosts-'))
    ends.push(() => rm(folder, { recursive: true, force: true }))
    ends.push(() => network.stop())
    const host = (name: (typeof NAMES)[number]) => network.hosts.find((one) => one.name === name) as Host
    const programs: { readonly title: string; readonly at: Host; readonly process: HostProcess }[] = []
    const start = (at: Host, title: string, command: string, args: readonly string[], env = {}) => {
      const process = at.start(command, args, env)
      programs.push({ title, at, process })
      return process
    }

    const authority = await makeAuthority(network.hosts.map(({ address }) => address))
    ends.push(() => authority.remove())
    const forwards = new Map<string, Promise<string>>()
    const reach = async (url: string) => {
      const { hostname, port, host: from } = new URL(url)
      if (hostname !== '127.0.0.1') return url
      if (!forwards.has(port)) {
        const target = { host: hostname, port: Number(port) }
        forwards.set(
          port,
          startForward(network.address, [target]).then((forward) => {
            ends.push(() => forward.stop())
            return `${network.address}:${forward.port}`
          }),
        )
      }
      return url.replace(from, String(await forwards.get(port)))
    }

    const tls = {
      cert: join(authority.folder, 'service.crt'),
      key: join(authority.folder, 'service.key'),
      ca: join(authority.folder, 'ca.crt'),
    }
    const redis = await startRedisOnHosts({
      hosts: OF_REDIS.map(host),
      sentinels: OF_SENTINELS.map(host),
      folder,
      tls,
      start,
    })
    const env = {
      ...sharedEnv(redis.url),
      NODE_ENV: 'test',
      // Where services look for the authority of Redis.
      NODE_EXTRA_CA_CERTS: tls.ca,
      EMAILAUTH_REDIS_REPLICAS: '1',
      EMAILAUTH_TRUSTED_PROXIES: network.address,
      ...authority.env,
      ...given,
      // The relay of a test speaks no TLS, which is the default beyond loopback.
      EMAILAUTH_SMTP_URL: `${await reach(
        given.EMAILAUTH_SMTP_URL ?? `smtp://127.0.0.1:${smtpPort}`,
      )}?starttls=none&connections=10`,
    }
    const service = (at: Host, name: ServiceName, variables: Record<string, string>) =>
      start(at, name, process.execPath, [programOf(name)], { ...env, ...variables })
    const workers = [host('work-a'), host('work-b')]
    for (const at of workers) {
      service(at, 'persistence', { EMAILAUTH_PERSISTENCE_HOST: at.address })
      service(at, 'mailer', { EMAILAUTH_MAILER_HOST: at.address })
    }
    const urlsOf = (name: 'persistence' | 'mailer') =>
      workers.map(({ address }) => `https://${address}:${PORT[name]}`)
    const urls = {
      EMAILAUTH_PERSISTENCE_URL: urlsOf('persistence').join(','),
      EMAILAUTH_MAILER_URL: urlsOf('mailer').join(','),
    }
    const gatewayHosts = [host('gateway-a'), host('gateway-b')]
    for (const at of gatewayHosts) service(at, 'gateway', { ...urls, EMAILAUTH_HOST: at.address })
    const gateways = gatewayHosts.map(({ address }) => `http://${address}:${PORT.gateway}`) as [
      string,
      string,
    ]

    const callAt = (at: number) =>
      createServiceCall({
        urlOf: (name) => urlsOf(name)[at] ?? '',
        token: async () => env.EMAILAUTH_SERVICE_TOKEN,
        authority,
      })
    const calls = workers.map((_, at) => callAt(at))
    const ready = async (asked: Promise<{ readonly ok: boolean; text(): Promise<string> }>) => {
      const reply = await asked
      if (!reply.ok) throw new Error(`not ready: ${await reply.text()}`)
    }
    const soon = () => ({ signal: AbortSignal.timeout(2000) })
    const whole = (withinMs: number) =>
      eventually(async () => {
        await Promise.all([
          ...gateways.map((url) => ready(fetch(`${url}/readyz`, soon()))),
          ...calls.flatMap((call) =>
            (['persistence', 'mailer'] as const).map((name) => ready(call(name, '/readyz', soon()))),
          ),
        ])
        await redis.check()
      }, withinMs)
    const outputs = () =>
      programs.map(({ title, at, process }) => `== ${at.name} ${title}\n${process.output()}`).join('\n')
    await whole(START_MS).catch((cause) => {
      throw new Error(`the six hosts do not start: ${cause}\n${outputs()}`, { cause })
    })

    const [call] = calls as [CallService]
    return {
      hosts: network.hosts,
      gateways,
      call,
      async persist(path, body) {
        const headers = { 'content-type': 'application/json' }
        const reply = await call('persistence', path, {
          method: 'POST',
          headers,
          body: JSON.stringify(body),
        })
        if (!reply.ok) throw new Error(await reply.text())
        return (await reply.json()) as Record<string, unknown>
      },
      pids: (name) => programs.filter(({ title }) => title === name).map(({ process }) => process.pid),
      reach,
      whole,
      master: redis.master,
      outputs,
      async killAll() {
        await Promise.all(programs.map(({ process }) => process.kill()))
      },
      async restartAll() {
        for (const { process } of programs) process.restart()
        await whole(START_MS)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const programOf = (name: string) => fileURLToPath(new URL(`../../apps/${name}/dist/main.js`, import.meta.url))
