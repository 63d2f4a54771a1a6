import type { RedisServer } from '@emailauth/contracts/redis-servers'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { readInfos, type ServerInfo } from './redis-info.ts'

/** Reads the state of every master from INFO. */
export async function readRedisServers(redis: RedisConnection): Promise<RedisServer[]> {
  return (await readInfos(redis)).map(toServer)
}

function toServer(info: ServerInfo): RedisServer {
  const number = (field: string): number | null => {
    const text = info.get(field)
    return text === undefined || !/^\d+$/.test(text) ? null : Number(text)
  }
  const flag = (field: string, yes: string): boolean | null => {
    const text = info.get(field)
    return text === undefined ? null : text === yes
  }
  const appendOnly = flag('aof_enabled', '1')
  const product = info.get('server_name') === 'valkey' ? 'Valkey' : 'Redis'
  const version = info.get('valkey_version') ?? info.get('redis_version') ?? '?'
  return {
    version: `${product} ${version}`.slice(0, 40),
    usedMemoryBytes: number('used_memory'),
    maxMemoryBytes: number('maxmemory') || null,
    appendOnly,
    lastSaveOk: appendOnly ? flag('aof_last_write_status', 'ok') : flag('rdb_last_bgsave_status', 'ok'),
    replicas: number('connected_slaves'),
    operationsPerSecond: number('instantaneous_ops_per_sec'),
    uptimeSeconds: number('uptime_in_seconds'),
  }
}
