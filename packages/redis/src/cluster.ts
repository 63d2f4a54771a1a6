import { once } from 'node:events'
import { Cluster, type Redis, type RedisOptions } from 'ioredis'

/** How long a start waits for the connections to single nodes; one that is down holds it up no longer. */
const NODES_READY_MS = 2000
/** How often the map of slots is read again, so that a new master is found without a call that fails first. */
const SLOTS_EVERY_MS = 1000

export interface ClusterConnectOptions {
  readonly nodes: readonly { host: string; port: number }[]
  readonly redisOptions: RedisOptions & { replyMapping: 'legacy' }
  readonly retryDelay: (attempt: number) => number
  readonly onError: (error: Error) => void
}

/** Makes a connection to a Cluster that, like one to a single Redis, never sends a command later than its caller thinks. */
export function createCluster({ nodes, redisOptions, retryDelay, onError }: ClusterConnectOptions): Cluster {
  const cluster = new Cluster([...nodes], {
    redisOptions,
    lazyConnect: true,
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: retryDelay,
    slotsRefreshInterval: SLOTS_EVERY_MS,
    // With the defaults a command whose reply was lost is sent once more.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    retryDelayOnTryAgain: 0,
    // The check would go to a node before its connection stands, and fail; a Cluster that is down says so itself (CLUSTERDOWN).
    enableReadyCheck: false,
  })
  // A node that is not connected yet keeps commands until it is, also those that have timed out by then. One that is
  // connecting refuses them, so each node is connected as soon as it is known.
  cluster.on('+node', (node: Redis) => {
    if (node.status === 'wait') node.connect().catch(onError)
  })
  cluster.on('node error', onError)
  return cluster
}

/** Waits until every master that can be reached takes commands. */
export async function mastersReady(cluster: Cluster): Promise<void> {
  const signal = AbortSignal.timeout(NODES_READY_MS)
  await Promise.allSettled(
    cluster
      .nodes('master')
      .filter((node) => node.status !== 'ready')
      .map((node) => once(node, 'ready', { signal })),
  )
}
