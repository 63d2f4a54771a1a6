import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from '@emailauth/testing/eventually'
import type { Host, HostProcess } from './hosts.ts'

const run = promisify(execFile)

/** Redis with replicas and Sentinels, all of them by TLS alone. */
export interface RedisOnHosts {
  /** `rediss+sentinel://…`, as `EMAILAUTH_REDIS_URL` takes it. */
  readonly url: string
  /** The host of the current master. */
  master(): Promise<Host>
  /** Fails unless the master has all replicas and every Sentinel knows all of them. */
  check(): Promise<void>
}

export interface RedisOnHostsOptions {
  /** Each has a Redis; the first one begins as master. */
  readonly hosts: readonly Host[]
  /** Each has a Sentinel. None of them has a Redis (docs/deployment/redis.md). */
  readonly sentinels: readonly Host[]
  /** A folder for their files. */
  readonly folder: string
  /** Files of a certificate for all hosts. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string }
  readonly start: (at: Host, title: string, command: string, args: readonly string[]) => HostProcess
}

const PORT = { redis: 6379, sentinel: 26379 } as const
const NAME = 'emailauth'
const START_MS = 120_000

export async function startRedisOnHosts(options: RedisOnHostsOptions): Promise<RedisOnHosts> {
  const { hosts, sentinels, folder, tls, start } = options
  const [first] = hosts as [Host]
  const [asked] = sentinels as [Host]
  const settings = [
    ['tls-cert-file', tls.cert],
    ['tls-key-file', tls.key],
    ['tls-ca-cert-file', tls.ca],
    ['tls-auth-clients', 'no'],
    ['tls-replication', 'yes'],
  ] as const
  for (const at of hosts) {
    const dir = await mkdtemp(join(folder, 'redis-'))
    start(at, 'redis', 'redis-server', [
      ...['--port', '0', '--tls-port', String(PORT.redis), '--protected-mode', 'no', '--save', ''],
      ...settings.flatMap(([name, value]) => [`--${name}`, value]),
      ...['--dir', dir, '--appendonly', 'yes', '--repl-diskless-sync-delay', '0', '--repl-timeout', '5'],
      ...(at === first ? [] : ['--replicaof', `${first.address} ${PORT.redis}`]),
    ])
  }
  const redisCli = async (at: Host, port: number, ...command: string[]) => {
    const args = ['-h', at.address, '-p', String(port), '--tls', '--cacert', tls.ca, ...command]
    return (await run('redis-cli', args, { timeout: 2000 })).stdout
  }
  const hasReplicas = async (at: Host) => {
    const replication = await redisCli(at, PORT.redis, 'info', 'replication')
    if ((replication.match(/state=online/g) ?? []).length !== hosts.length - 1)
      throw new Error(`${at.name} lacks replicas: ${replication}`)
  }
  await eventually(() => hasReplicas(first), START_MS)
  for (const at of sentinels) {
    const file = join(await mkdtemp(join(folder, 'sentinel-')), 'sentinel.conf')
    const lines = [
      'port 0',
      `tls-port ${PORT.sentinel}`,
      ...settings.map((words) => words.join(' ')),
      'protected-mode no',
      `sentinel monitor ${NAME} ${first.address} ${PORT.redis} 2`,
      `sentinel down-after-milliseconds ${NAME} 1000`,
      `sentinel failover-timeout ${NAME} 3000`,
    ]
    await writeFile(file, `${lines.join('\n')}\n`)
    start(at, 'sentinel', 'redis-server', [file, '--sentinel'])
  }

  const master = async () => {
    const [address] = (
      await redisCli(asked, PORT.sentinel, 'sentinel', 'get-master-addr-by-name', NAME)
    ).split('\n')
    const found = hosts.find((one) => one.address === address)
    if (found === undefined) throw new Error(`The Sentinels name an unknown master: ${address}`)
    return found
  }
  return {
    url: `rediss+sentinel://${sentinels.map(({ address }) => `${address}:${PORT.sentinel}`).join(',')}/${NAME}`,
    master,
    async check() {
      await hasReplicas(await master())
      for (const at of sentinels) {
        const state = await redisCli(at, PORT.sentinel, 'info', 'sentinel')
        if (!state.includes('status=ok') || !state.includes('slaves=2,sentinels=3')) throw new Error(state)
      }
    },
  }
}
