import type { Cluster, Redis } from 'ioredis'

/** How often the slots are looked at, so that a new master is found before a call fails. */
const EVERY_MS = 1000
/** After so many looks without an answer a master counts as silent. It may wait for a job, up to 5 s. */
const MOST_LOOKS = 10

/** This process's connections to one Cluster. */
interface Watch {
  readonly connections: Set<Cluster>
  readonly timer: NodeJS.Timeout
}

const watches = new Map<string, Watch>()

/**
 * Has ioredis read the slots of a Cluster again as soon as one of its masters says that they have changed, or
 * says nothing. ioredis itself would read them each time: on a new connection, and with some milliseconds of
 * work for 16,384 slots. One question serves all connections of this process to a Cluster. Ends with the
 * connection.
 * @param nodes as the URL names them: the same for all connections to one Cluster
 */
export function watchSlots(cluster: Cluster, nodes: readonly { host: string; port: number }[]): void {
  const name = nodes.map(({ host, port }) => `${host}:${port}`).join()
  cluster.on('ready', () => {
    const watch = watches.get(name) ?? startWatch()
    watches.set(name, watch)
    watch.connections.add(cluster)
  })
  cluster.on('end', () => {
    const watch = watches.get(name)
    watch?.connections.delete(cluster)
    if (watch === undefined || watch.connections.size > 0) return
    clearInterval(watch.timer)
    watches.delete(name)
  })
}

function startWatch(): Watch {
  const connections = new Set<Cluster>()
  const said = new WeakMap<Redis, string>()
  const refresh = () => {
    for (const cluster of connections) cluster.refreshSlotsCache()
  }
  /** Counts the questions. Each goes to another master than the one before. */
  let turn = 0
  /** For how many looks the last question has had no answer. */
  let silent = 0
  const look = async () => {
    if (silent > 0 && silent < MOST_LOOKS) {
      silent += 1
      return
    }
    if (silent > 0) refresh()
    silent = 1
    turn += 1
    const mine = turn
    const isNews = await hasNews(masterOf(connections, mine), said)
    if (mine !== turn) return
    silent = 0
    if (isNews) refresh()
  }
  return { connections, timer: setInterval(() => void look(), EVERY_MS).unref() }
}

function masterOf(connections: Iterable<Cluster>, turn: number): Redis | undefined {
  for (const cluster of connections) {
    const masters = cluster.nodes('master').filter(({ status }) => status === 'ready')
    if (masters.length > 0) return masters[turn % masters.length]
  }
  return undefined
}

/** Whether a master says something else than before, or fails to. */
async function hasNews(node: Redis | undefined, said: WeakMap<Redis, string>): Promise<boolean> {
  if (node === undefined) return true
  const slots = await node.cluster('SLOTS').then(JSON.stringify, () => undefined)
  if (slots === undefined) return true
  const before = said.get(node)
  said.set(node, slots)
  return slots !== before
}
