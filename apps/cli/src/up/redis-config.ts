import type { RedisEndpoint } from './redis-endpoint.ts'

/**
 * The configuration of our own redis-server or valkey-server. It goes in through stdin, so that no password stands in the
 * process list.
 */
export function redisConfig(folder: string, endpoint: RedisEndpoint): string {
  const where =
    endpoint.kind === 'socket'
      ? ['port 0', `unixsocket ${quoted(endpoint.path)}`, 'unixsocketperm 700']
      : ['bind 127.0.0.1', `port ${endpoint.port}`, `requirepass ${quoted(endpoint.password)}`]
  return [
    ...where,
    `dir ${quoted(folder)}`,
    'appendonly yes',
    // Written and synced before the reply leaves: an acknowledged register survives kill -9 and a power cut. With `everysec` a
    // slow disk may hold the write itself back for up to two seconds.
    'appendfsync always',
    'save ""',
    // Without room a write fails; an eviction would silently kill a number that was mailed.
    'maxmemory-policy noeviction',
    'loglevel warning',
    'daemonize no',
    '',
  ].join('\n')
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
