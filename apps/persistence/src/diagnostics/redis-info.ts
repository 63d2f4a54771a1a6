import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { isRedisUnavailable } from '@emailauth/redis/faults'
import { Cluster, type Redis } from 'ioredis'

/** The INFO reply of one master. */
export type ServerInfo = ReadonlyMap<string, string>

/** Reads INFO of every master. Servers that hide INFO are left out. */
export async function readInfos(redis: RedisConnection): Promise<ServerInfo[]> {
  const masters = redis instanceof Cluster ? redis.nodes('master') : [redis]
  return (await Promise.all(masters.map(readInfo))).filter((info) => info !== undefined)
}

async function readInfo(server: Redis): Promise<ServerInfo | undefined> {
  try {
    const text = await server.info()
    if (text === '') return undefined
    const lines = text.split('\r\n')
    return new Map(
      lines.flatMap((line): [string, string][] => {
        const at = line.indexOf(':')
        return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : []
      }),
    )
  } catch (error) {
    if (isRedisUnavailable(error)) throw error
    return undefined
  }
}

/** On how many masters the finding is, where there are several. */
export function share(some: readonly ServerInfo[], all: readonly ServerInfo[]): string {
  return all.length === 1 ? '' : ` on ${some.length} of ${all.length} masters`
}
