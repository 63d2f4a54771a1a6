import type { RedisEndpoint } from './redis-endpoint.ts'

/**
 * Configuration of our own redis-server or valkey-server. It is passed through stdin, which keeps the
 * password out of the process list.
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
    // Redis writes and syncs before it replies, so an acknowledged register survives kill -9 and a power cut.
    // With `everysec` a slow disk could delay the write itself by up to two seconds.
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
