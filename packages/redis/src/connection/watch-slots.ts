import type { Cluster, Redis } from 'ioredis'

/** How often the slots are looked at after trouble, so that a new master is found before a call fails. */
const EVERY_MS = 1000
/** How often while all is well. */
const AT_REST_MS = 4000
/** How long after trouble. Masters that replace others are chosen within this time. */
const TROUBLE_MS = 60_000
/** A master that has not answered for this time counts as silent. It may wait for a job, up to 10 s. */
const SILENT_MS = 11_000

/** This process's connections to one Cluster. */
interface Watch {
  /** Each, and whether its commands may block. */
  readonly connections: Map<Cluster, boolean>
  /** Looks more often for a while. */
  readonly trouble: () => void
  readonly stop: () => void
}

const watches = new Map<string, Watch>()

/**
 * Makes ioredis read the slots of a Cluster again as soon as one of its masters reports a change or is
 * silent. ioredis itself would read them each time: on a new connection, and with some milliseconds of work
 * for 16,384 slots. One question serves all connections of this process to a Cluster. Ends with the
 * connection.
 * @param nodes as the URL names them: the same for all connections to one Cluster
 * @param mayBlock Whether its commands may block. It is asked only where no other connection is: a question
 * waits behind such a command, as it does at a master that hangs.
 */
export function watchSlots(
  cluster: Cluster,
  nodes: readonly { host: string; port: number }[],
  mayBlock = false,
): void {
  const name = nodes.map(({ host, port }) => `${host}:${port}`).join()
  cluster.on('ready', () => {
    const watch = watches.get(name) ?? startWatch()
    watches.set(name, watch)
    watch.connections.set(cluster, mayBlock)
  })
  // A node is gone, or cannot be reached: others may have taken its slots.
  for (const event of ['-node', 'node error']) cluster.on(event, () => watches.get(name)?.trouble())
  cluster.on('end', () => {
    const watch = watches.get(name)
    watch?.connections.delete(cluster)
    if (watch === undefined || watch.connections.size > 0) return
    watch.stop()
    watches.delete(name)
  })
}

function startWatch(): Watch {
  const connections: Watch['connections'] = new Map()
  const said = new WeakMap<Redis, string>()
  const refresh = () => {
    for (const cluster of connections.keys()) cluster.refreshSlotsCache()
  }
  /** Counts the questions. Each goes to another master than the one before. */
  let turn = 0
  /** Since when the last question has had no answer. */
  let askedAt: number | undefined
  let troubleUntil = performance.now() + TROUBLE_MS
  let timer: NodeJS.Timeout | undefined

  const look = async () => {
    const now = performance.now()
    if (askedAt !== undefined && now - askedAt < SILENT_MS) return trouble()
    if (askedAt !== undefined) refresh()
    askedAt = now
    turn += 1
    const mine = turn
    const isNews = await hasNews(masterOf(connections, mine), said)
    if (mine !== turn) return
    askedAt = undefined
    if (!isNews) return
    refresh()
    trouble()
  }
  const repeat = () => {
    const isTroubled = performance.now() < troubleUntil
    const next = () => {
      void look()
      repeat()
    }
    timer = setTimeout(next, isTroubled ? EVERY_MS : AT_REST_MS).unref()
  }
  const trouble = () => {
    const isNew = performance.now() >= troubleUntil
    troubleUntil = performance.now() + TROUBLE_MS
    if (!isNew) return
    clearTimeout(timer)
    repeat()
  }
  repeat()
  return { connections, trouble, stop: () => clearTimeout(timer) }
}

function masterOf(connections: Watch['connections'], turn: number): Redis | undefined {
  const thatBlockLast = [...connections].sort(([, one], [, other]) => Number(one) - Number(other))
  for (const [cluster] of thatBlockLast) {
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
