import { once } from 'node:events'
import type { LookupFunction } from 'node:net'
import { Cluster, type ClusterOptions, type Redis, type RedisOptions } from 'ioredis'
import { tolerateHiddenInfo } from './hidden-info.ts'
import { watchLoading } from './loading.ts'
import { readBeforeTimeouts } from './read-before-timeouts.ts'
import { isReadOnly } from './read-only.ts'
import { watchSlots } from './watch-slots.ts'

/** How long a start waits for the connections to the nodes. */
const NODES_READY_MS = 2000

export interface ClusterConnectOptions {
  readonly nodes: readonly { host: string; port: number }[]
  readonly redisOptions: RedisOptions & { replyMapping: 'legacy' }
  readonly retryDelay: (attempt: number) => number
  readonly onError: (error: Error) => void
  /** Whether its commands may block. */
  readonly mayBlock: boolean
  /** How the names of `nodes` are found. */
  readonly lookup: LookupFunction | undefined
}

/** Creates a connection to a Cluster that never sends a command after it was reported as failed. */
export function createCluster({
  nodes,
  redisOptions,
  retryDelay,
  onError,
  mayBlock,
  lookup,
}: ClusterConnectOptions): Cluster {
  const cluster = new Cluster([...nodes], {
    redisOptions: { ...redisOptions, reconnectOnError },
    ...dnsLookupBy(lookup),
    lazyConnect: true,
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: retryDelay,
    // watchSlots does it at far less cost.
    slotsRefreshInterval: 0,
    // With the defaults ioredis would repeat a command whose reply was lost.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    retryDelayOnTryAgain: 0,
    // The check would be sent before the node is connected, and fail. A Cluster that is down replies
    // CLUSTERDOWN.
    enableReadyCheck: false,
  })
  // ioredis queues commands for a node that is not connected, even after they timed out. For a connecting
  // node it refuses them. So connect each node as soon as it is known.
  cluster.on('+node', (node: Redis) => {
    readBeforeTimeouts(node)
    tolerateHiddenInfo(node)
    watchLoading(node, onError)
    if (node.status === 'wait') node.connect().catch(onError)
  })
  cluster.on('node error', onError)
  watchSlots(cluster, nodes, mayBlock)
  return cluster
}

/** The option of a Cluster by which it finds the names of its nodes. Default: by the system. */
export function dnsLookupBy(lookup: LookupFunction | undefined): Pick<ClusterOptions, 'dnsLookup'> {
  if (lookup === undefined) return {}
  return {
    // Without `all` there is one address, and its family.
    dnsLookup: (name, done) =>
      lookup(name, {}, (error, address, family) => done(error, address as string, family)),
  }
}

/**
 * Fails what is redirected with ASK, instead of following it. Then a slot is moving, so its keys are on two
 * nodes, and a rule would not see those of the other node and give a wrong answer. The key that a rule
 * declares never exists, so every rule of a moving slot gets ASK. ioredis shows each error reply here before
 * it looks for a redirection. Later is too late: a pipeline has added its ASKING commands by then, and no
 * reply belongs to its own command any more.
 */
function reconnectOnError(error: Error): boolean {
  if (error.message.startsWith('ASK ')) error.message = `SLOTMOVES ${error.message}`
  return isReadOnly(error)
}

/** Waits until every reachable master accepts commands. */
export async function mastersReady(cluster: Cluster): Promise<void> {
  const signal = AbortSignal.timeout(NODES_READY_MS)
  await Promise.allSettled(
    cluster
      .nodes('master')
      .filter((node) => node.status !== 'ready')
      .map((node) => once(node, 'ready', { signal })),
  )
}
