import type { Cluster, Redis } from 'ioredis'

/** A connection to a single Redis, to the master that Sentinels name, or to a Cluster. */
export type RedisConnection = Redis | Cluster
