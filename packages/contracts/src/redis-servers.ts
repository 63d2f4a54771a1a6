import { z } from 'zod'

/** The state of one Redis server. null: the server does not report it. */
export const redisServer = z
  .object({
    version: z.string().max(40),
    usedMemoryBytes: z.number().int().nullable(),
    maxMemoryBytes: z.number().int().nullable().describe('null: no bound'),
    appendOnly: z.boolean().nullable().describe('Whether it writes an append-only file'),
    lastSaveOk: z.boolean().nullable().describe('Whether the last write to disk succeeded'),
    replicas: z.number().int().nullable().describe('Replicas that are connected'),
    operationsPerSecond: z.number().int().nullable(),
    uptimeSeconds: z.number().int().nullable(),
  })
  .meta({ id: 'RedisServer' })
export type RedisServer = z.infer<typeof redisServer>

/** `GET /v1/redis-servers`: each master. Empty when the ACL refuses INFO. */
export const redisServers = z.object({ servers: z.array(redisServer) }).meta({ id: 'RedisServers' })
