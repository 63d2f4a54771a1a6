import { eventually, START_MS } from './eventually.ts'
import { freePort } from './free-port.ts'
import { startRedis, type TestRedis } from './redis.ts'
import { redisClusterCli } from './redis-cli.ts'
import { redisCommand } from './redis-command.ts'

/** A real Redis Cluster for one test. */
export interface TestCluster {
  /** The comma-separated list that `EMAILAUTH_REDIS_URL` takes. */
  readonly url: string
  readonly nodes: readonly TestRedis[]
  /** The current masters. */
  masters(): Promise<TestRedis[]>
  /** The current replica of a master. */
  replicaOf(master: TestRedis): Promise<TestRedis>
  /**
   * Kills one master, waits until its replica has taken over, and returns the killed one. Needs `replicas:
   * 1`.
   */
  failover(): Promise<TestRedis>
  stop(): Promise<void>
}

export interface ClusterOptions {
  readonly masters?: number
  /** Replicas of each master. */
  readonly replicas?: 0 | 1
  /** Options of each server. */
  readonly args?: readonly string[]
}

/** Starts a Cluster on free ports of loopback and waits until it serves every slot. */
export async function startCluster({
  masters = 3,
  replicas = 0,
  args = [],
}: ClusterOptions = {}): Promise<TestCluster> {
  // Without replicas a short time-out only does harm: a node on a busy machine would be declared dead.
  const nodeTimeoutMs = replicas === 0 ? 15_000 : 1500
  const nodes: TestRedis[] = []
  const addresses: string[] = []
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()))
  }

  try {
    for (let i = 0; i < masters * (1 + replicas); i++) {
      // The usual bus port, port + 10000, may lie beyond the last port there is.
      const busPort = await freePort()
      const node = await startRedis(
        ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
        ...['--cluster-node-timeout', String(nodeTimeoutMs), '--repl-diskless-sync-delay', '0'],
        ...args,
      )
      nodes.push(node)
      addresses.push(`127.0.0.1:${node.port}@${busPort}`)
    }
    await redisClusterCli('create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes')
    await Promise.all(nodes.map((node) => eventually(() => isWhole(node, nodes.length, replicas), START_MS)))
  } catch (error) {
    await stop()
    throw error
  }

  const nodeTable = async (): Promise<NodeEntry[]> => {
    for (const node of nodes) {
      const table = await redisCommand(node.port, 'cluster', 'nodes').catch(() => undefined)
      if (table !== undefined) return readNodeTable(table, nodes)
    }
    throw new Error('No node of the Cluster answers.')
  }
  const mastersNow = async () =>
    (await nodeTable()).filter(({ role, failed }) => role === 'master' && !failed).map(({ node }) => node)
  const replicaOf = async (master: TestRedis) => {
    const all = await nodeTable()
    const id = all.find(({ node }) => node === master)?.id
    const replica = all.find(({ masterId }) => masterId === id)
    if (replica === undefined) throw new Error('This master has no replica.')
    return replica.node
  }

  return {
    url: nodes.map(({ url }) => url).join(','),
    nodes,
    masters: mastersNow,
    replicaOf,
    async failover() {
      const [, victim] = await mastersNow()
      if (victim === undefined) throw new Error('The Cluster has only one master left.')
      const heir = await replicaOf(victim)
      await victim.kill()
      await eventually(async () => {
        if ((await redisCommand(heir.port, 'role')).split('\n')[0] !== 'master')
          throw new Error('No new master yet.')
        const alive = nodes.filter((node) => node !== victim)
        await Promise.all(alive.map(isServing))
      }, 30_000)
      return victim
    },
    stop,
  }
}

interface NodeEntry {
  readonly node: TestRedis
  readonly id: string
  readonly role: 'master' | 'replica'
  readonly masterId: string
  readonly failed: boolean
}

/** Reads `CLUSTER NODES`: id, address, flags, master's id and more, one node a line. */
function readNodeTable(table: string, nodes: readonly TestRedis[]): NodeEntry[] {
  return table.split('\n').flatMap((line) => {
    const [id = '', address = '', flags = '', masterId = ''] = line.split(' ')
    const node = nodes.find(({ port }) => address.startsWith(`127.0.0.1:${port}@`))
    if (node === undefined) return []
    const role = flags.includes('master') ? 'master' : 'replica'
    return [{ node, id, role, masterId, failed: /fail/.test(flags) }]
  })
}

async function isServing(node: TestRedis): Promise<void> {
  const info = await redisCommand(node.port, 'cluster', 'info')
  if (!info.includes('cluster_state:ok')) throw new Error('The Cluster does not serve every slot yet.')
}

async function isWhole(node: TestRedis, count: number, replicas: number): Promise<void> {
  await isServing(node)
  const table = await redisCommand(node.port, 'cluster', 'nodes')
  const replicating = table.split('\n').filter((line) => line.includes('slave')).length
  if (table.split('\n').length < count || replicating < (count * replicas) / (1 + replicas))
    throw new Error('The nodes do not know each other yet.')
  const role = await redisCommand(node.port, 'role')
  if (role.startsWith('slave') && !role.includes('connected'))
    throw new Error('A replica does not follow yet.')
}
