import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { readProcessTurns } from './cpu/process-stat.ts'
import { commandCounts } from './rounds/command-counts.ts'
import { startChild } from './systems/child.ts'
import { cleanRun } from './systems/clean-run.ts'
import type { Cleanup } from './systems/cleanup.ts'
import { createManyTenants, type ManyTenants, tenantName } from './systems/many-tenants.ts'
import { sharedEnvironment, startService } from './systems/system.ts'

const USAGE = `Usage: pnpm bench:idle [options]

What a system costs that has nothing to do: CPU of each process, in % of one core, and how often it wakes.

  --tenants N     tenants, each with one live identity (default 10000)
  --seconds N     how long it is measured (default 30)
  --settle N      seconds between filling and measuring (default 80: the slots of a Cluster are looked at more
                  often in the first minute, and memory is given back after ten seconds at rest)
  --cluster       a Redis Cluster of three masters, where each tenant has 64 partitions; default: a single Redis
  --commands      also which commands the Redis servers got
  --follow N      live events of N tenants and of all tenants are followed (default 0: of none)
`

interface IdleSystem {
  /** By name. */
  readonly pids: Readonly<Record<string, number>>
  /** Of each server, also of each of a Cluster. */
  readonly redisUrls: readonly string[]
  readonly tenants: ManyTenants
}

await cleanRun(main)

async function main(cleanup: Cleanup): Promise<void> {
  const { values } = parseArgs({
    options: {
      tenants: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: '30' },
      settle: { type: 'string', default: '80' },
      follow: { type: 'string', default: '0' },
      cluster: { type: 'boolean', default: false },
      commands: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const [tenants, seconds, follow] = [values.tenants, values.seconds, values.follow].map(Number)
  if (!tenants || !seconds || follow === undefined || Number.isNaN(follow)) throw new Error(USAGE)

  const system = await startIdleSystem(cleanup, values.cluster)
  process.stderr.write(`${tenants} tenants …\n`)
  await system.tenants.create(tenants)
  if (follow > 0) {
    await system.tenants.follow()
    for (let at = 0; at < follow; at++) await system.tenants.follow(tenantName(at))
  }
  await wait(Number(values.settle) * 1000)
  process.stderr.write(`At rest for ${seconds} s …\n`)
  const before = await commandCounts(system.redisUrls)
  const shares = await measureShares(system.pids, seconds * 1000)
  const after = await commandCounts(system.redisUrls)
  process.stdout.write(
    `${values.cluster ? 'Cluster' : 'Single Redis'}, ${tenants} tenants, ${follow} followed\n`,
  )
  for (const [name, { share, wakeUps }] of Object.entries(shares)) print(name, share, wakeUps)
  const all = Object.values(shares)
  print('all of them', sum(all.map(({ share }) => share)), sum(all.map(({ wakeUps }) => wakeUps)))
  if (!values.commands) return
  for (const [command, count] of [...after].sort()) {
    const perSecond = (count - (before.get(command) ?? 0)) / seconds
    if (perSecond > 0)
      process.stdout.write(`${command.padEnd(20)}${perSecond.toFixed(2).padStart(8)} a second\n`)
  }
}

async function startIdleSystem(cleanup: Cleanup, isCluster: boolean): Promise<IdleSystem> {
  const { url, pids, redisUrls } = isCluster ? await cluster(cleanup) : await single(cleanup)
  const env = sharedEnvironment(url)
  const sink = cleanup.keep(startChild('./load/smtp-sink.js'), (child) => child.stop())
  const { port: smtpPort } = await sink.ask<{ port: number }>({})
  const persistence = await startService(cleanup, 'persistence', env)
  const mailer = await startService(cleanup, 'mailer', {
    ...env,
    EMAILAUTH_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    EMAILAUTH_MAIL_FROM: 'emailauth <no-reply@localhost>',
  })
  const gateway = await startService(cleanup, 'gateway', {
    ...env,
    EMAILAUTH_PERSISTENCE_URL: `http://127.0.0.1:${persistence.port}`,
    EMAILAUTH_MAILER_URL: `http://127.0.0.1:${mailer.port}`,
  })
  const tenants = cleanup.keep(
    createManyTenants(`http://127.0.0.1:${persistence.port}`, env.EMAILAUTH_SERVICE_TOKEN),
    (open) => open.close(),
  )
  const services = {
    gateway: gateway.child.pid,
    persistence: persistence.child.pid,
    mailer: mailer.child.pid,
  }
  return { pids: { ...services, ...pids }, redisUrls, tenants }
}

async function single(cleanup: Cleanup) {
  const redis = cleanup.keep(await startRedis('--appendonly', 'no'), (started) => started.stop())
  return { url: redis.url, redisUrls: [redis.url], pids: { redis: redis.pid } }
}

async function cluster(cleanup: Cleanup) {
  const { url, nodes } = cleanup.keep(await startCluster(), (started) => started.stop())
  return {
    url,
    redisUrls: nodes.map(({ port }) => `redis://127.0.0.1:${port}`),
    pids: Object.fromEntries(nodes.map(({ pid }, at) => [`redis ${at + 1}`, pid])),
  }
}

function print(name: string, share: number, wakeUps: number): void {
  const percent = (100 * share).toFixed(2).padStart(8)
  process.stdout.write(
    `${name.padEnd(14)}${percent} % of a core ${wakeUps.toFixed(1).padStart(8)} wake-ups a second\n`,
  )
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}

/** Of each process, over so long: its share of one core, and how often a second one of its threads woke. */
async function measureShares(pids: Readonly<Record<string, number>>, ms: number) {
  const read = async () => Promise.all(Object.values(pids).map(readProcessTurns))
  const startedAt = performance.now()
  const before = await read()
  await wait(ms)
  const after = await read()
  const seconds = (performance.now() - startedAt) / 1000
  return Object.fromEntries(
    Object.keys(pids).map((name, at) => [
      name,
      {
        share: ((after[at]?.cpuMicros ?? 0) - (before[at]?.cpuMicros ?? 0)) / 1e6 / seconds,
        wakeUps: ((after[at]?.wakeUps ?? 0) - (before[at]?.wakeUps ?? 0)) / seconds,
      },
    ]),
  )
}
