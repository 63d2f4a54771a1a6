import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually, START_MS } from './eventually.ts'
import { freePort } from './free-port.ts'
import { redisProgram, startRedis, type TestRedis } from './redis.ts'
import { redisCommand } from './redis-command.ts'

/** One master, two replicas, three Sentinels: the smallest that survives the loss of any one. */
export interface TestSentinel {
  /** `redis+sentinel://…/name`, as `EMAILAUTH_REDIS_URL` takes it. */
  readonly url: string
  /** Every Redis, master or replica. */
  readonly servers: readonly TestRedis[]
  /** The current master, as the Sentinels say. */
  master(): Promise<TestRedis>
  replicas(): Promise<TestRedis[]>
  /** Kills the master and waits until a replica has taken over. Returns the killed one. */
  failover(): Promise<TestRedis>
  stop(): Promise<void>
}

const NAME = 'emailauth'

/** Starts them on free ports of loopback and waits until the Sentinels know each other and both replicas. */
export async function startSentinel(): Promise<TestSentinel> {
  const servers: TestRedis[] = []
  const sentinels: SentinelProcess[] = []
  const stop = async () => {
    await Promise.all([...sentinels, ...servers].map((process) => process.stop()))
  }

  try {
    const first = await startRedis('--repl-diskless-sync-delay', '0')
    servers.push(first)
    for (let i = 0; i < 2; i++)
      servers.push(
        await startRedis('--replicaof', `127.0.0.1 ${first.port}`, '--repl-diskless-sync-delay', '0'),
      )
    await eventually(async () => {
      const replication = await redisCommand(first.port, 'info', 'replication')
      if ((replication.match(/state=online/g) ?? []).length < 2)
        throw new Error('Replicas are not online yet.')
    }, START_MS)
    for (let i = 0; i < 3; i++) sentinels.push(await startOneSentinel(first.port))
    await Promise.all(sentinels.map(({ port }) => eventually(() => knowsAll(port), START_MS)))
  } catch (error) {
    await stop()
    throw error
  }

  const master = async () => {
    const [sentinel] = sentinels
    const reply = await redisCommand(sentinel?.port ?? 0, 'sentinel', 'get-master-addr-by-name', NAME)
    const port = Number(reply.split('\n')[1])
    const found = servers.find((server) => server.port === port)
    if (found === undefined) throw new Error(`The Sentinels name an unknown master: ${reply}`)
    return found
  }

  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    servers,
    master,
    async replicas() {
      const current = await master()
      return servers.filter((server) => server !== current)
    },
    async failover() {
      const victim = await master()
      await victim.kill()
      await eventually(async () => {
        const heir = await master()
        if (heir === victim) throw new Error('No new master yet.')
        if (!(await redisCommand(heir.port, 'role')).startsWith('master'))
          throw new Error('Not promoted yet.')
      }, 30_000)
      return victim
    },
    stop,
  }
}

interface SentinelProcess {
  readonly port: number
  stop(): Promise<void>
}

async function startOneSentinel(masterPort: number): Promise<SentinelProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-sentinel-'))
  const port = await freePort()
  // A Sentinel keeps its state in its configuration file, so it needs one of its own.
  const configuration = join(folder, 'sentinel.conf')
  await writeFile(
    configuration,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${masterPort} 2`,
      `sentinel down-after-milliseconds ${NAME} 500`,
      `sentinel failover-timeout ${NAME} 3000`,
      '',
    ].join('\n'),
  )
  const child = spawn(redisProgram(), [configuration, '--sentinel'], { stdio: 'ignore' })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await eventually(() => redisCommand(port, 'ping'), START_MS)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
}

async function knowsAll(port: number): Promise<void> {
  const reply = await redisCommand(port, 'info', 'sentinel')
  if (!reply.includes('status=ok') || !reply.includes('slaves=2,sentinels=3'))
    throw new Error(`A Sentinel does not know all the others yet: ${reply}`)
}
