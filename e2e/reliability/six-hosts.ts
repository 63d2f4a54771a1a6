import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { eventually } from '@emailauth/testing/eventually'
import { sharedEnv } from '@emailauth/testing/services'
import { Agent, fetch } from 'undici'
import { makeAuthority } from '../tls.ts'
import { startForward } from './forward.ts'
import { type Host, makeHosts } from './hosts.ts'

const run = promisify(execFile)

/**
 * All of emailauth on six hosts, with mutual TLS between the services. Sentinels and a Redis are on three of
 * them, so that any one may be lost. A call is answered when a replica has it.
 */
export interface SixHosts {
  readonly hosts: readonly Host[]
  /** Base URLs of the two gateways. */
  readonly gateways: readonly [string, string]
  /** Calls a persistence past the gateways, as who sets the system up. */
  persist(path: string, body: object): Promise<Record<string, unknown>>
  /** Resolves when every service is ready and the master has both replicas. */
  whole(withinMs: number): Promise<void>
  /** The host of the current master. */
  master(): Promise<Host>
  /** What every program printed, by host and program. */
  outputs(): string
  stop(): Promise<void>
}

const NAMES = ['gateway-a', 'gateway-b', 'work-a', 'work-b', 'redis-a', 'redis-b'] as const
/** Hosts of a Redis and a Sentinel; the first one begins as master. */
const OF_REDIS = ['redis-a', 'redis-b', 'work-b'] as const
const PORT = { gateway: 4000, persistence: 4001, mailer: 4002, redis: 6379, sentinel: 26379 } as const
const START_MS = 120_000
const REDIS_NAME = 'emailauth'

export interface SixHostsOptions {
  /** Port of loopback of the SMTP server. */
  readonly smtpPort: number
  /** More variables of all services. */
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
    const printed = new Map<string, () => string>()
    const start = (at: Host, title: string, command: string, args: readonly string[], env = {}) =>
      printed.set(`${at.name} ${title}`, at.start(command, args, env).output)

    const authority = await makeAuthority(network.hosts.map(({ address }) => address))
    ends.push(() => authority.remove())
    const smtp = await startForward(network.address, [{ host: '127.0.0.1', port: smtpPort }])
    ends.push(() => smtp.stop())

    const redisHosts = OF_REDIS.map(host)
    const [first] = redisHosts as [Host]
    for (const at of redisHosts) {
      const dir = await mkdtemp(join(folder, 'redis-'))
      start(at, 'redis', 'redis-server', [
        ...['--port', String(PORT.redis), '--protected-mode', 'no', '--save', '', '--dir', dir],
        ...['--appendonly', 'yes', '--repl-diskless-sync-delay', '0', '--repl-timeout', '5'],
        ...(at === first ? [] : ['--replicaof', `${first.address} ${PORT.redis}`]),
      ])
    }
    const redisCli = async (at: Host, port: number, ...command: string[]) =>
      (await run('redis-cli', ['-h', at.address, '-p', String(port), ...command], { timeout: 2000 })).stdout
    const hasReplicas = async (at: Host) => {
      const replication = await redisCli(at, PORT.redis, 'info', 'replication')
      if ((replication.match(/state=online/g) ?? []).length !== redisHosts.length - 1)
        throw new Error(`${at.name} lacks replicas: ${replication}`)
    }
    await eventually(() => hasReplicas(first), START_MS)
    for (const at of redisHosts) {
      const file = join(await mkdtemp(join(folder, 'sentinel-')), 'sentinel.conf')
      await writeFile(file, sentinelOf(first))
      start(at, 'sentinel', 'redis-server', [file, '--sentinel'])
    }
    const sentinels = redisHosts.map(({ address }) => `${address}:${PORT.sentinel}`).join(',')

    const env = {
      ...sharedEnv(`redis+sentinel://${sentinels}/${REDIS_NAME}`),
      NODE_ENV: 'test',
      EMAILAUTH_REDIS_REPLICAS: '1',
      EMAILAUTH_SMTP_URL: `smtp://${network.address}:${smtp.port}?starttls=none&connections=10`,
      EMAILAUTH_TRUSTED_PROXIES: network.address,
      ...authority.env,
      ...given,
    }
    const service = (
      at: Host,
      name: 'persistence' | 'mailer' | 'gateway',
      variables: Record<string, string>,
    ) => start(at, name, process.execPath, [programOf(name)], { ...env, ...variables })
    const workers = [host('work-a'), host('work-b')]
    for (const at of workers) {
      service(at, 'persistence', { EMAILAUTH_PERSISTENCE_HOST: at.address })
      service(at, 'mailer', { EMAILAUTH_MAILER_HOST: at.address })
    }
    const list = (port: number) => workers.map(({ address }) => `https://${address}:${port}`).join(',')
    const urls = {
      EMAILAUTH_PERSISTENCE_URL: list(PORT.persistence),
      EMAILAUTH_MAILER_URL: list(PORT.mailer),
    }
    const gatewayHosts = [host('gateway-a'), host('gateway-b')]
    for (const at of gatewayHosts) service(at, 'gateway', { ...urls, EMAILAUTH_HOST: at.address })
    const gateways = gatewayHosts.map(({ address }) => `http://${address}:${PORT.gateway}`) as [
      string,
      string,
    ]

    const dispatcher = new Agent({ connect: await clientTls(authority.env) })
    ends.push(() => dispatcher.destroy())
    const ready = async (url: string) => {
      const reply = await fetch(`${url}/readyz`, { dispatcher, signal: AbortSignal.timeout(2000) })
      if (!reply.ok) throw new Error(`${url} is not ready: ${await reply.text()}`)
    }
    const master = async () => {
      const sentinel = redisHosts[1] as Host
      const [address] = (
        await redisCli(sentinel, PORT.sentinel, 'sentinel', 'get-master-addr-by-name', REDIS_NAME)
      ).split('\n')
      const found = redisHosts.find((one) => one.address === address)
      if (found === undefined) throw new Error(`The Sentinels name an unknown master: ${address}`)
      return found
    }
    const services = [
      ...gateways,
      ...[PORT.persistence, PORT.mailer].flatMap((port) => list(port).split(',')),
    ]
    const whole = (withinMs: number) =>
      eventually(async () => {
        await Promise.all(services.map(ready))
        await hasReplicas(await master())
        for (const at of redisHosts) {
          const state = await redisCli(at, PORT.sentinel, 'info', 'sentinel')
          if (!state.includes('status=ok') || !state.includes('slaves=2,sentinels=3')) throw new Error(state)
        }
      }, withinMs)
    const outputs = () => [...printed].map(([title, text]) => `== ${title}\n${text()}`).join('\n')
    await whole(START_MS).catch((cause) => {
      throw new Error(`the six hosts do not start: ${cause}\n${outputs()}`, { cause })
    })

    return {
      hosts: network.hosts,
      gateways,
      async persist(path, body) {
        const reply = await fetch(`${list(PORT.persistence).split(',')[0]}${path}`, {
          dispatcher,
          method: 'POST',
          headers: {
            authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify(body),
        })
        if (!reply.ok) throw new Error(await reply.text())
        return (await reply.json()) as Record<string, unknown>
      },
      whole,
      master,
      outputs,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const programOf = (name: string) => fileURLToPath(new URL(`../../apps/${name}/dist/main.js`, import.meta.url))

function sentinelOf(first: Host): string {
  return [
    `port ${PORT.sentinel}`,
    'protected-mode no',
    `sentinel monitor ${REDIS_NAME} ${first.address} ${PORT.redis} 2`,
    `sentinel down-after-milliseconds ${REDIS_NAME} 1000`,
    `sentinel failover-timeout ${REDIS_NAME} 3000`,
    '',
  ].join('\n')
}

async function clientTls(env: Readonly<Record<string, string>>) {
  const [cert, key, ca] = await Promise.all(
    ['EMAILAUTH_TLS_CERT', 'EMAILAUTH_TLS_KEY', 'EMAILAUTH_TLS_CA'].map((name) =>
      readFile(env[name] ?? '', 'utf8'),
    ),
  )
  return { cert, key, ca }
}
