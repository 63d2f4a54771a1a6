import type { Cluster, Redis } from 'ioredis'

/** A connection to one Redis, to what a Sentinel names master, or to a Cluster. */
export type RedisConnection = Redis | Cluster
